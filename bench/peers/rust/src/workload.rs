//! A policy with requests and what is expected of them.

use std::fs;

use crate::Outcome;

pub struct Workload {
    pub name: String,
    /// Of its policy's files.
    pub prefix: String,
    /// Of the files that all policies of a workload share.
    pub stem: String,
    pub requests: Vec<String>,
    pub permitted: Vec<bool>,
    /// Of a general policy.
    pub answers: Vec<serde_json::Value>,
}

fn lines(path: &str) -> Outcome<Vec<String>> {
    Ok(fs::read_to_string(path)?.lines().map(String::from).collect())
}

impl Workload {
    pub fn read(name: &str, workloads: &str, policies: &str) -> Outcome<Self> {
        if let Some(policy) = name.strip_prefix("general/") {
            let prefix = format!("{policies}/{policy}");
            return Ok(Workload {
                name: name.into(),
                requests: lines(&format!("{prefix}.inputs.jsonl"))?,
                permitted: vec![],
                answers: lines(&format!("{prefix}.expected.jsonl"))?
                    .iter()
                    .map(|line| serde_json::from_str(line))
                    .collect::<Result<_, _>>()?,
                stem: prefix.clone(),
                prefix,
            });
        }
        let stem = format!("{workloads}/{}", name.split('.').next().unwrap_or(name));
        let expected: Vec<u8> = serde_json::from_str(&fs::read_to_string(format!("{stem}.expected.json"))?)?;
        Ok(Workload {
            name: name.into(),
            prefix: format!("{workloads}/{name}"),
            requests: lines(&format!("{stem}.requests.jsonl"))?,
            permitted: expected.into_iter().map(|one| one == 1).collect(),
            answers: vec![],
            stem,
        })
    }

    pub fn is_general(&self) -> bool {
        self.name.starts_with("general/")
    }

    /// One of the policy's files; nothing if there is none.
    pub fn file(&self, suffix: &str) -> Option<String> {
        fs::read_to_string(format!("{}{suffix}", self.prefix)).ok()
    }
}
