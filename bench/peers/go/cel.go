package main

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// celRules evaluates one program a rule. CEL has expressions and no rules: which of them to ask is the
// host's affair. Bucketed: the host has put them into a map by model and asks those of one.
type celRules struct {
	all     *celBucket
	byModel map[string]*celBucket
	inputs  []map[string]any
	texts   [][]byte
}

type celBucket struct{ allow, deny []cel.Program }

type celRule struct {
	Effect string `json:"effect"`
	Expr   string `json:"expr"`
	Model  string `json:"model"`
}

var networks = map[string]netip.Prefix{}

func inNetwork(address, network ref.Val) ref.Val {
	text := string(network.(types.String))
	prefix, known := networks[text]
	if !known {
		var err error
		if prefix, err = netip.ParsePrefix(text); err != nil {
			return types.WrapErr(err)
		}
		networks[text] = prefix
	}
	parsed, err := netip.ParseAddr(string(address.(types.String)))
	if err != nil {
		return types.WrapErr(err)
	}
	return types.Bool(prefix.Contains(parsed))
}

func newEnvironment() (*cel.Env, error) {
	object := cel.MapType(cel.StringType, cel.DynType)
	return cel.NewEnv(
		cel.Variable("user", object), cel.Variable("model", object),
		cel.Variable("dataset", object), cel.Variable("request", object),
		cel.Function("in_cidr", cel.Overload("in_cidr_string_string",
			[]*cel.Type{cel.StringType, cel.StringType}, cel.BoolType, cel.BinaryBinding(inNetwork))))
}

func newCEL(w *workload, form string, bucketed bool) (contender, string, error) {
	text, err := w.file(".cel.json")
	if err != nil || w.isGeneral() {
		return nil, "", skip("CEL has no rules over data")
	}
	var rules []celRule
	if err := json.Unmarshal(text, &rules); err != nil {
		return nil, "", err
	}
	environment, err := newEnvironment()
	if err != nil {
		return nil, "", err
	}
	c := &celRules{all: &celBucket{}, texts: w.requests}
	if bucketed {
		if slices.ContainsFunc(rules, func(rule celRule) bool { return rule.Model == "" }) {
			return nil, "", skip("not all rules are about one model")
		}
		c.byModel = map[string]*celBucket{}
	}
	for _, rule := range rules {
		tree, issues := environment.Compile(rule.Expr)
		if issues.Err() != nil {
			return nil, "", issues.Err()
		}
		program, err := environment.Program(tree, cel.EvalOptions(cel.OptOptimize))
		if err != nil {
			return nil, "", err
		}
		c.bucketOf(rule.Model).add(rule.Effect, program)
	}
	if form == "ready" {
		for _, text := range w.requests {
			input, err := celInput(text)
			if err != nil {
				return nil, "", err
			}
			c.inputs = append(c.inputs, input)
		}
	}
	return c, "cel-go " + moduleVersion("cel.dev/cel-go"), nil
}

func (c *celRules) bucketOf(model string) *celBucket {
	if c.byModel == nil {
		return c.all
	}
	bucket := c.byModel[model]
	if bucket == nil {
		bucket = &celBucket{}
		c.byModel[model] = bucket
	}
	return bucket
}

func (b *celBucket) add(effect string, program cel.Program) {
	if effect == "allow" {
		b.allow = append(b.allow, program)
	} else {
		b.deny = append(b.deny, program)
	}
}

// celInput: CEL does not compare integers with floating point numbers.
func celInput(text []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var input map[string]any
	if err := decoder.Decode(&input); err != nil {
		return nil, err
	}
	for _, root := range input {
		object, _ := root.(map[string]any)
		for name, value := range object {
			if number, ok := value.(json.Number); ok {
				integer, err := number.Int64()
				if err != nil {
					return nil, err
				}
				object[name] = integer
			}
		}
	}
	return input, nil
}

func anyHolds(programs []cel.Program, input map[string]any) (bool, error) {
	for _, program := range programs {
		value, _, err := program.Eval(input)
		if err != nil {
			return false, err
		}
		if value == types.True {
			return true, nil
		}
	}
	return false, nil
}

func (c *celRules) decide(i int) (bool, error) {
	var input map[string]any
	if c.inputs != nil {
		input = c.inputs[i]
	} else {
		var err error
		if input, err = celInput(c.texts[i]); err != nil {
			return false, err
		}
	}
	bucket := c.all
	if c.byModel != nil {
		model, _ := input["model"].(map[string]any)
		id, _ := model["id"].(string)
		if bucket = c.byModel[id]; bucket == nil {
			return false, nil
		}
	}
	permitted, err := anyHolds(bucket.allow, input)
	if err != nil || !permitted {
		return false, err
	}
	denied, err := anyHolds(bucket.deny, input)
	return !denied, err
}

func (c *celRules) answer(int) (any, error) { return nil, skip("CEL has no rules over data") }
