//! regorus: its virtual machine, or where a policy is too large for that, its interpreter.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::utils::limits::PolicyLengthConfig;
use regorus::{Engine, Rc, Value};

use crate::workload::Workload;
use crate::{Contender, Outcome};

enum Machine {
    Compiled(Box<RegoVM>),
    Interpreted(Box<Engine>, String),
}

struct Rego {
    machine: Machine,
    texts: Vec<String>,
    /// Empty: from JSON.
    inputs: Vec<Value>,
}

impl Rego {
    fn value(&mut self, i: usize) -> Outcome<Value> {
        let input = match self.inputs.get(i) {
            Some(input) => input.clone(),
            None => Value::from_json_str(&self.texts[i])?,
        };
        Ok(match &mut self.machine {
            Machine::Compiled(vm) => {
                vm.set_input(input);
                vm.execute()?
            }
            Machine::Interpreted(engine, rule) => {
                engine.set_input(input);
                engine.eval_rule(rule.clone())?
            }
        })
    }
}

impl Contender for Rego {
    fn decide(&mut self, i: usize) -> Outcome<bool> {
        Ok(self.value(i)? == Value::Bool(true))
    }

    fn answer(&mut self, i: usize) -> Outcome<serde_json::Value> {
        Ok(serde_json::from_str(&self.value(i)?.to_json_str()?)?)
    }

    fn evaluate(&mut self, i: usize) -> Outcome<()> {
        std::hint::black_box(self.value(i)?);
        Ok(())
    }
}

fn compiled(engine: &mut Engine, rule: &str, data: Option<Value>) -> Outcome<RegoVM> {
    let entry: Rc<str> = rule.into();
    let policy = engine.compile_with_entrypoint(&entry)?;
    let program = Compiler::compile_from_policy(&policy, &[rule])?;
    let mut vm = RegoVM::new();
    vm.set_max_instructions(usize::MAX);
    vm.load_program(Arc::clone(&program));
    if let Some(data) = data {
        vm.set_data(data)?;
    }
    Ok(vm)
}

/// Whether the machine gives the first answers that are expected.
fn is_right(rego: &mut Rego, workload: &Workload) -> bool {
    (0..workload.requests.len().min(32)).all(|i| {
        if workload.is_general() {
            rego.answer(i).is_ok_and(|answer| answer == workload.answers[i])
        } else {
            rego.decide(i).is_ok_and(|permitted| permitted == workload.permitted[i])
        }
    })
}

pub fn open(workload: &Workload, form: &str) -> Outcome<(Box<dyn Contender>, String)> {
    let rule = if workload.is_general() { "data.general.answer" } else { "data.authz.allow" };
    let mut engine = Engine::new();
    // Its limits are for policies that people write; those here are long on purpose.
    engine.set_policy_length_config(PolicyLengthConfig {
        max_col: NonZeroU32::MAX,
        max_file_bytes: NonZeroUsize::MAX,
        max_lines: NonZeroUsize::MAX,
    });
    let text = workload.file(".rego").ok_or("the policy cannot be read")?;
    engine.add_policy("policy.rego".into(), text)?;
    let data = workload.file(".data.json").map(|text| Value::from_json_str(&text)).transpose()?;
    if let Some(data) = &data {
        engine.add_data(data.clone())?;
    }
    let inputs = match form {
        "ready" => workload.requests.iter().map(|t| Value::from_json_str(t)).collect::<Result<_, _>>()?,
        _ => vec![],
    };
    let version = "regorus v0.14.1";
    if let Ok(vm) = compiled(&mut engine.clone(), rule, data) {
        let machine = Machine::Compiled(Box::new(vm));
        let mut rego = Rego { machine, texts: workload.requests.clone(), inputs: inputs.clone() };
        if is_right(&mut rego, workload) {
            return Ok((Box::new(rego), format!("{version} (its VM)")));
        }
    }
    let machine = Machine::Interpreted(Box::new(engine), rule.into());
    let rego = Rego { machine, texts: workload.requests.clone(), inputs };
    Ok((Box::new(rego), format!("{version} (its interpreter)")))
}
