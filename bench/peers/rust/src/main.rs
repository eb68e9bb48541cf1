//! Decides the workloads of the benchmarks with engines that are written in Rust. The protocol is
//! that of ../go/main.go: `peers ENGINE WORKLOAD FORM WORKLOADS POLICIES`.
//!
//! ENGINE: cedar, regorus. FORM: ready (the request is in the engine's own form) or json.

mod cedar;
mod rego;
mod workload;

use std::io::BufRead;
use std::time::Duration;

use workload::Workload;

pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Decides or answers request number i.
pub trait Contender {
    fn decide(&mut self, i: usize) -> Outcome<bool>;
    fn answer(&mut self, i: usize) -> Outcome<serde_json::Value>;
    /// Does the work of an answer and drops it.
    fn evaluate(&mut self, i: usize) -> Outcome<()>;
}

/// The engine has no way to do this work.
#[derive(Debug)]
pub struct Skip(pub &'static str);

impl std::fmt::Display for Skip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "skip {}", self.0)
    }
}

impl std::error::Error for Skip {}

fn cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid place to write to.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Stops after 20 s of CPU time and tells how many were compared.
fn verify(contender: &mut dyn Contender, workload: &Workload) -> Outcome<usize> {
    let begin = cpu_time();
    for i in 0..workload.requests.len() {
        if workload.is_general() {
            let got = contender.answer(i)?;
            if got != workload.answers[i] {
                return Err(format!("input {}: expected {}, got {}", i + 1, workload.answers[i], got).into());
            }
        } else {
            let got = contender.decide(i)?;
            if got != workload.permitted[i] {
                return Err(format!("request {}: expected {}, got {}", i + 1, workload.permitted[i], got).into());
            }
        }
        if cpu_time() - begin > Duration::from_secs(20) {
            return Ok(i + 1);
        }
    }
    Ok(workload.requests.len())
}

/// Decides for about this long; the nanoseconds of one decision.
fn slice(contender: &mut dyn Contender, workload: &Workload, at: &mut usize, length: Duration) -> Outcome<f64> {
    let begin = cpu_time();
    let (mut decided, mut step) = (0usize, 1usize);
    loop {
        for _ in 0..step {
            if workload.is_general() {
                contender.evaluate(*at)?;
            } else {
                std::hint::black_box(contender.decide(*at)?);
            }
            *at = (*at + 1) % workload.requests.len();
        }
        decided += step;
        let taken = cpu_time() - begin;
        if taken >= length {
            return Ok(taken.as_nanos() as f64 / decided as f64);
        }
        if taken < length / 4 {
            step *= 2;
        }
    }
}

fn serve(contender: &mut dyn Contender, workload: &Workload) -> Outcome<()> {
    let mut at = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let milliseconds = line
            .strip_prefix("slice ")
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| format!("cannot understand `{line}`"))?;
        let taken = slice(contender, workload, &mut at, Duration::from_millis(milliseconds))?;
        println!("{taken:.1}");
    }
    Ok(())
}

fn run(arguments: &[String]) -> Outcome<()> {
    let [engine, name, form, workloads, policies] = arguments else {
        return Err("usage: peers ENGINE WORKLOAD FORM WORKLOADS POLICIES".into());
    };
    let workload = Workload::read(name, workloads, policies)?;
    let (mut contender, version): (Box<dyn Contender>, String) = match engine.as_str() {
        "cedar" => cedar::open(&workload, form)?,
        "regorus" => rego::open(&workload, form)?,
        _ => return Err(format!("no engine `{engine}`").into()),
    };
    let verified = verify(contender.as_mut(), &workload)?;
    println!("ready {verified} {version}");
    serve(contender.as_mut(), &workload)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Err(error) = run(&arguments) {
        if error.downcast_ref::<Skip>().is_some() {
            println!("{error}");
            return;
        }
        println!("error {error}");
        std::process::exit(1);
    }
}
