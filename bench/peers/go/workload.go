package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// A workload is a policy with requests and what is expected of them.
type workload struct {
	name      string // w1_100.rules, general/walk
	prefix    string // of its policy's files
	requests  [][]byte
	permitted []bool
	answers   []string // of a general policy, canonical JSON
}

func (w *workload) isGeneral() bool { return strings.HasPrefix(w.name, "general/") }
func (w *workload) isW1() bool      { return strings.HasPrefix(w.name, "w1") }

func readWorkload(name, workloads, policies string) (*workload, error) {
	w := &workload{name: name}
	if w.isGeneral() {
		w.prefix = filepath.Join(policies, strings.TrimPrefix(name, "general/"))
		inputs, err := os.ReadFile(w.prefix + ".inputs.jsonl")
		if err != nil {
			return nil, err
		}
		w.requests = linesOf(inputs)
		answers, err := os.ReadFile(w.prefix + ".expected.jsonl")
		if errors.Is(err, os.ErrNotExist) {
			return w, nil
		}
		for _, line := range linesOf(answers) {
			w.answers = append(w.answers, string(line))
		}
		return w, err
	}
	w.prefix = filepath.Join(workloads, name)
	stem, _, _ := strings.Cut(name, ".")
	requests, err := os.ReadFile(filepath.Join(workloads, stem+".requests.jsonl"))
	if err != nil {
		return nil, err
	}
	w.requests = linesOf(requests)
	text, err := os.ReadFile(filepath.Join(workloads, stem+".expected.json"))
	if err != nil {
		return nil, err
	}
	var expected []int
	if err := json.Unmarshal(text, &expected); err != nil {
		return nil, err
	}
	for _, one := range expected {
		w.permitted = append(w.permitted, one == 1)
	}
	return w, nil
}

func linesOf(text []byte) [][]byte {
	return bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
}

// file reads one of the policy's files; suffix: .rego
func (w *workload) file(suffix string) ([]byte, error) { return os.ReadFile(w.prefix + suffix) }

// stem is the prefix of the files that all policies of a workload share.
func (w *workload) stem() string { return strings.TrimSuffix(w.prefix, filepath.Ext(w.prefix)) }

// data is what the policy sees as `data`; empty if it needs none.
func (w *workload) data() (map[string]any, error) {
	data := map[string]any{}
	text, err := w.file(".data.json")
	if errors.Is(err, os.ErrNotExist) {
		return data, nil
	}
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return data, decoder.Decode(&data)
}

// canonical JSON: keys in order, no spaces.
func canonical(value any) string {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "error: " + err.Error()
	}
	return strings.TrimSuffix(buffer.String(), "\n")
}

// A request as a Go program knows it.
type facts struct {
	User    userFacts    `json:"user"`
	Model   modelFacts   `json:"model"`
	Dataset datasetFacts `json:"dataset"`
	Request requestFacts `json:"request"`
}

type userFacts struct {
	Id         string   `json:"id"`
	Department string   `json:"department"`
	Clearance  int      `json:"clearance"`
	Roles      []string `json:"roles"`
	Region     string   `json:"region"`
	Mfa        bool     `json:"mfa"`
}

type modelFacts struct {
	Id              string `json:"id"`
	Stage           string `json:"stage"`
	RiskTier        string `json:"risk_tier"`
	OwnerDepartment string `json:"owner_department"`
	Region          string `json:"region"`
}

type datasetFacts struct {
	Id             string   `json:"id"`
	Classification int      `json:"classification"`
	Tags           []string `json:"tags"`
	Purpose        []string `json:"purpose"`
	Region         string   `json:"region"`
}

type requestFacts struct {
	Action     string `json:"action"`
	Ip         string `json:"ip"`
	Hour       int    `json:"hour"`
	RatePerMin int    `json:"rate_per_min"`
	Purpose    string `json:"purpose"`
}
