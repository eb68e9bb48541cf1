//! Cedar: roles are parents of the user's entity; grants as data are attributes of the model's.

use std::collections::HashMap;

use cedar_policy::{Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request};
use serde_json::Value;

use crate::workload::Workload;
use crate::{Contender, Outcome, Skip};

type Asked = (Request, Entities);

struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    texts: Vec<String>,
    /// Of grants as data: the models, by id.
    models: HashMap<String, Entity>,
    /// Empty: from JSON.
    asked: Vec<Asked>,
}

fn uid(kind: &str, id: &Value) -> Outcome<EntityUid> {
    Ok(EntityUid::from_json(serde_json::json!({ "type": kind, "id": id }))?)
}

impl Cedar {
    fn parse(&self, text: &str) -> Outcome<Asked> {
        let mut line: Value = serde_json::from_str(text)?;
        let context = Context::from_json_value(line["context"].take(), None)?;
        let request = Request::new(
            uid("User", &line["principal"])?,
            uid("Action", &line["action"])?,
            uid("Model", &line["resource"])?,
            context,
            None,
        )?;
        let mut entities = line["entities"].take();
        let model = line["resource"].as_str().and_then(|id| self.models.get(id));
        let Some(model) = model else {
            return Ok((request, Entities::from_json_value(entities, None)?));
        };
        let user = Entity::from_json_value(entities[0].take(), None)?;
        Ok((request, Entities::from_entities([user, model.clone()], None)?))
    }

    fn is_permitted(&self, (request, entities): &Asked) -> Outcome<bool> {
        let response = self.authorizer.is_authorized(request, &self.policies, entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(error.to_string().into());
        }
        Ok(response.decision() == Decision::Allow)
    }
}

impl Contender for Cedar {
    fn decide(&mut self, i: usize) -> Outcome<bool> {
        match self.asked.get(i) {
            Some(asked) => self.is_permitted(asked),
            None => self.is_permitted(&self.parse(&self.texts[i])?),
        }
    }

    fn answer(&mut self, _: usize) -> Outcome<Value> {
        Err(Skip("Cedar has no rules over data").into())
    }

    fn evaluate(&mut self, _: usize) -> Outcome<()> {
        Err(Skip("Cedar has no rules over data").into())
    }
}

fn models(workload: &Workload) -> Outcome<HashMap<String, Entity>> {
    let Some(text) = workload.file(".cedar_entities.json") else {
        return Ok(HashMap::new());
    };
    let entities: Vec<Value> = serde_json::from_str(&text)?;
    let mut models = HashMap::new();
    for entity in entities {
        let id = entity["uid"]["id"].as_str().unwrap_or_default().to_string();
        models.insert(id, Entity::from_json_value(entity, None)?);
    }
    Ok(models)
}

pub fn open(workload: &Workload, form: &str) -> Outcome<(Box<dyn Contender>, String)> {
    let Some(text) = workload.file(".cedar") else {
        return Err(Skip("Cedar has no such policy").into());
    };
    let requests = std::fs::read_to_string(format!("{}.cedar_requests.jsonl", workload.stem))?;
    let mut cedar = Cedar {
        authorizer: Authorizer::new(),
        policies: text.parse()?,
        texts: requests.lines().map(String::from).collect(),
        models: models(workload)?,
        asked: vec![],
    };
    if form == "ready" {
        cedar.asked = cedar.texts.iter().map(|t| cedar.parse(t)).collect::<Outcome<_>>()?;
    }
    Ok((Box::new(cedar), format!("Cedar v{}", cedar_policy::get_sdk_version())))
}
