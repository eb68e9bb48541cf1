package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
)

const grantModel = `
[request_definition]
r = user, model, dataset, request
[policy_definition]
p = role, model, action
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.model.Id == p.model && r.request.Action == p.action && has(r.user.Roles, p.role)
`

const ruleModel = `
[request_definition]
r = user, model, dataset, request
[policy_definition]
p = model, rule, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = (p.model == '*' || r.model.Id == p.model) && eval(p.rule)
`

// Rules that are about all models are one matcher: what Casbin compiles once is ten times as fast as
// what eval() compiles for each policy.
const matcherModel = `
[request_definition]
r = user, model, dataset, request
[policy_definition]
p = name
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = `

// casbinRules is an enforcer without its cache, which would only repeat answers to equal requests.
type casbinRules struct {
	enforcer *casbin.Enforcer
	inputs   []facts
	texts    [][]byte
}

func has(arguments ...any) (any, error) {
	if len(arguments) != 2 {
		return nil, fmt.Errorf("has takes a list and a text")
	}
	list, isList := arguments[0].([]string)
	text, isText := arguments[1].(string)
	if !isList || !isText {
		return nil, fmt.Errorf("has takes a list and a text")
	}
	return slices.Contains(list, text), nil
}

type casbinRule struct{ Effect, Model, Rule string }

// casbinPolicy is a model, and the policies that it matches requests with.
func casbinPolicy(w *workload) (string, [][]string, error) {
	if w.isW1() {
		policies, err := grantPolicies(w)
		return grantModel, policies, err
	}
	text, err := os.ReadFile(w.stem() + ".casbin.json")
	if err != nil {
		return "", nil, err
	}
	var rules []casbinRule
	if err := json.Unmarshal(text, &rules); err != nil {
		return "", nil, err
	}
	if !slices.ContainsFunc(rules, func(rule casbinRule) bool { return rule.Model != "*" }) {
		return matcherModel + matcherOf(rules), [][]string{{"all"}}, nil
	}
	policies := make([][]string, 0, len(rules))
	for _, rule := range rules {
		policies = append(policies, []string{rule.Model, rule.Rule, rule.Effect})
	}
	return ruleModel, policies, nil
}

func matcherOf(rules []casbinRule) string {
	byEffect := map[string][]string{}
	for _, rule := range rules {
		byEffect[rule.Effect] = append(byEffect[rule.Effect], "("+rule.Rule+")")
	}
	return "(" + strings.Join(byEffect["allow"], " || ") + ") && !(" +
		strings.Join(byEffect["deny"], " || ") + ")\n"
}

func newCasbin(w *workload, form string) (contender, string, error) {
	if w.isGeneral() {
		return nil, "", skip("Casbin has no rules over data")
	}
	definition, policies, err := casbinPolicy(w)
	if err != nil {
		return nil, "", err
	}
	m, err := model.NewModelFromString(definition)
	if err != nil {
		return nil, "", err
	}
	enforcer, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, "", err
	}
	enforcer.EnableLog(false)
	enforcer.AddFunction("has", has)
	if _, err := enforcer.AddPolicies(policies); err != nil {
		return nil, "", err
	}
	c := &casbinRules{enforcer: enforcer, texts: w.requests}
	if form == "ready" {
		for _, text := range w.requests {
			var input facts
			if err := json.Unmarshal(text, &input); err != nil {
				return nil, "", err
			}
			c.inputs = append(c.inputs, input)
		}
	}
	return c, "Casbin " + moduleVersion("github.com/casbin/casbin/v2"), nil
}

func grantPolicies(w *workload) ([][]string, error) {
	text, err := os.ReadFile(w.stem() + ".json")
	if err != nil {
		return nil, err
	}
	var description struct{ Grants [][]string }
	if err := json.Unmarshal(text, &description); err != nil {
		return nil, err
	}
	return description.Grants, nil
}

func (c *casbinRules) decide(i int) (bool, error) {
	var input facts
	if c.inputs != nil {
		input = c.inputs[i]
	} else if err := json.Unmarshal(c.texts[i], &input); err != nil {
		return false, err
	}
	return c.enforcer.Enforce(input.User, input.Model, input.Dataset, input.Request)
}

func (c *casbinRules) answer(int) (any, error) { return nil, skip("Casbin has no rules over data") }
