package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// opa is a prepared query in this process; data are kept as the engine's own values, which is the
// fastest way that it offers.
type opa struct {
	query  rego.PreparedEvalQuery
	inputs []ast.Value // empty: from JSON
	texts  [][]byte
}

func newOPA(w *workload, form string) (contender, string, error) {
	policy, err := w.file(".rego")
	if err != nil {
		return nil, "", err
	}
	data, err := w.data()
	if err != nil {
		return nil, "", err
	}
	name := "data.authz.allow"
	if w.isGeneral() {
		name = "data.general.answer"
	}
	query, err := rego.New(
		rego.Query(name),
		rego.Module("policy.rego", string(policy)),
		rego.Store(inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(true),
			inmem.OptReturnASTValuesOnRead(true))),
	).PrepareForEval(context.Background())
	if err != nil {
		return nil, "", err
	}
	o := &opa{query: query, texts: w.requests}
	if form == "ready" {
		for _, text := range w.requests {
			input, err := ast.ValueFromReader(bytes.NewReader(text))
			if err != nil {
				return nil, "", err
			}
			o.inputs = append(o.inputs, input)
		}
	}
	return o, "OPA " + moduleVersion("github.com/open-policy-agent/opa"), nil
}

func (o *opa) answer(i int) (any, error) {
	var input ast.Value
	if o.inputs != nil {
		input = o.inputs[i]
	} else {
		var err error
		if input, err = ast.ValueFromReader(bytes.NewReader(o.texts[i])); err != nil {
			return nil, err
		}
	}
	results, err := o.query.Eval(context.Background(), rego.EvalParsedInput(input))
	if err != nil {
		return nil, err
	}
	if len(results) != 1 {
		return nil, errors.New("undefined")
	}
	return results[0].Expressions[0].Value, nil
}

func (o *opa) decide(i int) (bool, error) {
	answer, err := o.answer(i)
	permitted, _ := answer.(bool)
	return permitted, err
}
