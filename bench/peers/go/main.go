// peers decides the workloads of the benchmarks with engines that are written in Go. One process is
// one contender:
//
//	peers ENGINE WORKLOAD FORM WORKLOADS POLICIES
//
// ENGINE: opa, cel, cel_bucketed, casbin. FORM: ready (the request is in the engine's own form) or
// json. It compares all decisions with the expected ones, prints `ready VERSION`, and answers each
// line `slice MILLISECONDS` with the nanoseconds of CPU time that a decision took; the process ends
// with its input. `skip REASON`: this engine cannot do that. `answers` prints what an engine answers
// to each input of a general policy.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A contender decides or answers request number i.
type contender interface {
	decide(i int) (bool, error)
	answer(i int) (any, error)
}

// errSkip: the engine has no way to do this work.
var errSkip = errors.New("skip")

func skip(reason string) error { return fmt.Errorf("%w %s", errSkip, reason) }

func open(engine string, w *workload, form string) (contender, string, error) {
	switch engine {
	case "opa":
		return newOPA(w, form)
	case "cel", "cel_bucketed":
		return newCEL(w, form, engine == "cel_bucketed")
	case "casbin":
		return newCasbin(w, form)
	}
	return nil, "", fmt.Errorf("no engine `%s`", engine)
}

func moduleVersion(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == path {
				return module.Version
			}
		}
	}
	return "unknown"
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// verify stops after 20 s of CPU time and tells how many were compared.
func verify(c contender, w *workload) (int, error) {
	begin := cpuTime()
	for i := range w.requests {
		if w.isGeneral() {
			answer, err := c.answer(i)
			if err != nil {
				return i, err
			}
			if got := canonical(answer); got != w.answers[i] {
				return i, fmt.Errorf("input %d: expected %s, got %s", i+1, w.answers[i], got)
			}
		} else if got, err := c.decide(i); err != nil || got != w.permitted[i] {
			return i, fmt.Errorf("request %d: expected %v, got %v (%v)", i+1, w.permitted[i], got, err)
		}
		if cpuTime()-begin > 20*time.Second {
			return i + 1, nil
		}
	}
	return len(w.requests), nil
}

// slice decides for about this long and tells the nanoseconds of one decision.
func slice(c contender, w *workload, at *int, length time.Duration) (float64, error) {
	begin := cpuTime()
	decided := 0
	step := 1
	for {
		for range step {
			var err error
			if w.isGeneral() {
				_, err = c.answer(*at)
			} else {
				_, err = c.decide(*at)
			}
			if err != nil {
				return 0, err
			}
			*at = (*at + 1) % len(w.requests)
		}
		decided += step
		taken := cpuTime() - begin
		if taken >= length {
			return float64(taken.Nanoseconds()) / float64(decided), nil
		}
		if taken < length/4 {
			step *= 2
		}
	}
}

func serve(c contender, w *workload) error {
	at := 0
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		word, argument, _ := strings.Cut(lines.Text(), " ")
		if word == "answers" && w.isGeneral() {
			for i := range w.requests {
				answer, err := c.answer(i)
				if err != nil {
					return err
				}
				fmt.Println(canonical(answer))
			}
			continue
		}
		ms, err := strconv.Atoi(argument)
		if word != "slice" || err != nil {
			return fmt.Errorf("cannot understand `%s`", lines.Text())
		}
		ns, err := slice(c, w, &at, time.Duration(ms)*time.Millisecond)
		if err != nil {
			return err
		}
		fmt.Printf("%.1f\n", ns)
	}
	return lines.Err()
}

func run(arguments []string) error {
	if len(arguments) != 5 {
		return errors.New("usage: peers ENGINE WORKLOAD FORM WORKLOADS POLICIES")
	}
	w, err := readWorkload(arguments[1], arguments[3], arguments[4])
	if err != nil {
		return err
	}
	c, version, err := open(arguments[0], w, arguments[2])
	if err != nil {
		return err
	}
	verified := 0
	if !w.isGeneral() || len(w.answers) > 0 {
		if verified, err = verify(c, w); err != nil {
			return err
		}
	}
	fmt.Println("ready", verified, version)
	return serve(c, w)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		if errors.Is(err, errSkip) {
			fmt.Println(err)
			return
		}
		fmt.Println("error", err)
		os.Exit(1)
	}
}
