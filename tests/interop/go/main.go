// Checks trees, proofs and signed notes that Licet made with the Go modules that certificate logs and
// the checksum database use. One tree a line of JSON; see tests/unit/eval/log/interop_test.cc.
//
// usage: interop VECTORS
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type vector struct {
	Seed        uint64   `json:"seed"`
	Size        int64    `json:"size"`
	Root        []byte   `json:"root"`
	Index       int64    `json:"index"`
	Inclusion   [][]byte `json:"inclusion"`
	OldSize     int64    `json:"old_size"`
	OldRoot     []byte   `json:"old_root"`
	Consistency [][]byte `json:"consistency"`
	Note        string   `json:"note"`
	Verifier    string   `json:"verifier"`
}

func leaf(seed uint64, index int64) []byte {
	return []byte(fmt.Sprintf("%d-%d", seed, index))
}

func hash(bytes []byte) tlog.Hash {
	var h tlog.Hash
	copy(h[:], bytes)
	return h
}

func hashes(all [][]byte) []tlog.Hash {
	var result []tlog.Hash
	for _, bytes := range all {
		result = append(result, hash(bytes))
	}
	return result
}

// The root that golang.org/x/mod computes from the leaves.
func root(v vector) (tlog.Hash, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	for i := int64(0); i < v.Size; i++ {
		more, err := tlog.StoredHashes(i, leaf(v.Seed, i), reader)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, more...)
	}
	return tlog.TreeHash(v.Size, reader)
}

func check(v vector) error {
	own, err := root(v)
	if err != nil {
		return err
	}
	if own != hash(v.Root) {
		return fmt.Errorf("the root differs")
	}
	record := tlog.RecordHash(leaf(v.Seed, v.Index))
	if err := tlog.CheckRecord(hashes(v.Inclusion), v.Size, own, v.Index, record); err != nil {
		return fmt.Errorf("tlog, inclusion: %w", err)
	}
	err = proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(v.Index), uint64(v.Size), record[:], v.Inclusion, v.Root)
	if err != nil {
		return fmt.Errorf("merkle, inclusion: %w", err)
	}
	if err := tlog.CheckTree(hashes(v.Consistency), v.Size, own, v.OldSize, hash(v.OldRoot)); err != nil {
		return fmt.Errorf("tlog, consistency: %w", err)
	}
	err = proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(v.OldSize), uint64(v.Size), v.Consistency, v.OldRoot, v.Root)
	if err != nil {
		return fmt.Errorf("merkle, consistency: %w", err)
	}
	verifier, err := note.NewVerifier(v.Verifier)
	if err != nil {
		return fmt.Errorf("note, verifier: %w", err)
	}
	opened, err := note.Open([]byte(v.Note), note.VerifierList(verifier))
	if err != nil {
		return fmt.Errorf("note: %w", err)
	}
	want := fmt.Sprintf("\n%d\n%s\n", v.Size, own)
	if !strings.HasSuffix(opened.Text, want) {
		return fmt.Errorf("note: %q does not end with %q", opened.Text, want)
	}
	return nil
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	count := 0
	for lines.Scan() {
		var v vector
		err := json.Unmarshal(lines.Bytes(), &v)
		if err == nil {
			err = check(v)
		}
		if err != nil {
			fmt.Printf("tree %d: %v\n", count+1, err)
			os.Exit(1)
		}
		count++
	}
	fmt.Printf("%d trees\n", count)
}
