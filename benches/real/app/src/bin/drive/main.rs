//! The load: closed loop (clients without think time) or open loop (arrivals at a rate).
//!
//! In the open loop an arrival has its instant before anything is sent, and its latency counts
//! from that instant: a server that stalls does not hold back the arrivals that would show it.

mod request;
mod usage;

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::process::exit;
use std::rc::Rc;
use std::time::{Duration, Instant};

use request::{Case, Connection, Random};
use shop::Arguments;
use tokio::task::{LocalSet, spawn_local, yield_now};
use tokio::time::{sleep, sleep_until};
use usage::Usage;

const USAGE: &str = "\
drive --to ADDRESS --case ping|browse|order|heavy|mix [--rows N] --clients N | --rate R
      [--gaps poisson|constant] [--seconds S] [--warmup S] [--pids ID,ID] [--layout NAME]
      [--seed N]
It prints a CSV row: layout, case, clients, rate_per_s, throughput_per_s, mean_ms, p50_ms,
p90_ms, p99_ms, errors, cpu_us, switches. A mix also prints a row for each of its requests.";

type Failure = Box<dyn Error>;

/// What all clients share.
struct Run {
    address: String,
    case: Case,
    rows: u32,
    open_loop: bool,
    start: Instant,
    end: Instant,
    done: RefCell<Vec<Done>>,
    /// Answers between start and end.
    answered: Cell<u64>,
    errors: Cell<u64>,
    /// Arrivals of the open loop that have no answer yet.
    waiting: Cell<u64>,
    idle: RefCell<Vec<Connection>>,
}

struct Done {
    case: Case,
    milliseconds: f64,
}

impl Run {
    fn measures(&self, instant: Instant) -> bool {
        (self.start..self.end).contains(&instant)
    }

    /// The open loop counts the latency of whatever *arrived* in the measured time, even if its
    /// answer came later: those are the long ones.
    fn tell(&self, case: Case, since: Instant, sent: Result<(), Failure>) {
        let now = Instant::now();
        let counts = self.measures(if self.open_loop { since } else { now });
        match sent {
            Ok(()) => {
                if self.measures(now) {
                    self.answered.set(self.answered.get() + 1);
                }
                if counts {
                    let milliseconds = now.duration_since(since).as_secs_f64() * 1000.0;
                    self.done.borrow_mut().push(Done { case, milliseconds });
                }
            }
            Err(error) if counts => {
                if self.errors.get() == 0 {
                    eprintln!("first error: {error}");
                }
                self.errors.set(self.errors.get() + 1);
            }
            Err(_) => {}
        }
    }

    /// Waits for the last answers of the open loop; those that take too long are errors.
    async fn drain(&self) {
        let patience = Instant::now() + Duration::from_secs(10);
        while self.waiting.get() > 0 && Instant::now() < patience {
            sleep(Duration::from_millis(5)).await;
        }
        self.errors.set(self.errors.get() + self.waiting.get());
    }
}

/// One client: it sends the next request when it has the answer to the last one.
async fn client(run: Rc<Run>, mut random: Random) -> Result<(), Failure> {
    let mut connection = Connection::open(&run.address).await?;
    while Instant::now() < run.end {
        let case = run.case.draw(&mut random);
        let path = case.path(run.rows, &mut random);
        let since = Instant::now();
        let sent = connection.send(case, &path).await;
        if sent.is_err() {
            connection = Connection::open(&run.address).await?;
        }
        run.tell(case, since, sent);
    }
    Ok(())
}

/// Arrivals at a rate, each on an idle connection or on a new one.
async fn arrivals(run: Rc<Run>, mut random: Random, rate: f64, poisson: bool) {
    let mut next = Instant::now();
    loop {
        let gap = if poisson { random.exponential() } else { 1.0 } / rate;
        next += Duration::from_secs_f64(gap);
        if next >= run.end {
            break;
        }
        wait_until(next).await;
        let case = run.case.draw(&mut random);
        let path = case.path(run.rows, &mut random);
        run.waiting.set(run.waiting.get() + 1);
        spawn_local(arrival(Rc::clone(&run), case, path, next));
    }
}

/// The timer knows milliseconds only; the last of them is spent looking at the clock, which
/// costs the load's core but not the servers'.
async fn wait_until(instant: Instant) {
    if let Some(early) = instant.checked_sub(Duration::from_millis(2))
        && early > Instant::now()
    {
        sleep_until(early.into()).await;
    }
    while Instant::now() < instant {
        yield_now().await;
    }
}

async fn arrival(run: Rc<Run>, case: Case, path: String, since: Instant) {
    let idle = run.idle.borrow_mut().pop();
    let opened = match idle {
        Some(connection) => Ok(connection),
        None => Connection::open(&run.address).await,
    };
    let sent = match opened {
        Ok(mut connection) => {
            let sent = connection.send(case, &path).await;
            if sent.is_ok() {
                run.idle.borrow_mut().push(connection);
            }
            sent
        }
        Err(error) => Err(error),
    };
    run.waiting.set(run.waiting.get() - 1);
    run.tell(case, since, sent);
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let Some(arguments) = Arguments::read().filter(|given| given.get("case").is_some()) else {
        eprintln!("{USAGE}");
        exit(2);
    };
    LocalSet::new().run_until(drive(&arguments)).await
}

async fn drive(arguments: &Arguments) -> Result<(), Failure> {
    let clients = arguments.number("clients", 0_u64)?;
    let rate = arguments.number("rate", 0.0)?;
    let seconds = Duration::from_secs_f64(arguments.number("seconds", 5.0)?);
    let start = Instant::now() + Duration::from_secs_f64(arguments.number("warmup", 1.0)?);
    let seed = arguments.number("seed", 1_u64)?;
    let pids = arguments.get("pids").unwrap_or("");
    let pids: Vec<u32> =
        pids.split(',').filter(|id| !id.is_empty()).map(str::parse).collect::<Result<_, _>>()?;
    let run = Rc::new(Run {
        address: arguments.get("to").unwrap_or("127.0.0.1:7000").to_owned(),
        case: Case::parse(arguments.get("case").unwrap_or(""))?,
        rows: arguments.number("rows", 10_000)?,
        open_loop: rate > 0.0,
        start,
        end: start + seconds,
        done: RefCell::default(),
        answered: Cell::default(),
        errors: Cell::default(),
        waiting: Cell::default(),
        idle: RefCell::default(),
    });

    let mut tasks = Vec::new();
    for number in 0..clients {
        let random = Random::new(seed * 1000 + number);
        tasks.push(spawn_local(client(Rc::clone(&run), random)));
    }
    if rate > 0.0 {
        let poisson = arguments.get("gaps").unwrap_or("poisson") == "poisson";
        let random = Random::new(seed * 1000);
        let run = Rc::clone(&run);
        tasks.push(spawn_local(async move {
            arrivals(run, random, rate, poisson).await;
            Ok(())
        }));
    }
    sleep_until(run.start.into()).await;
    let before = Usage::read(&pids);
    sleep_until(run.end.into()).await;
    let used = Usage::read(&pids).since(before);
    for task in tasks {
        task.await??;
    }
    run.drain().await;
    print(arguments, &run, clients, rate, seconds, used);
    Ok(())
}

fn print(
    arguments: &Arguments,
    run: &Run,
    clients: u64,
    rate: f64,
    seconds: Duration,
    used: Usage,
) {
    let done = run.done.borrow();
    let layout = arguments.get("layout").unwrap_or("");
    let name = arguments.get("case").unwrap_or("");
    let clients = if clients > 0 { clients.to_string() } else { String::new() };
    let rate = if rate > 0.0 { rate.to_string() } else { String::new() };
    let row = |name: &str, answered: u64, mut latencies: Vec<f64>, more: &str| {
        latencies.sort_by(f64::total_cmp);
        let count = latencies.len();
        let mean = latencies.iter().sum::<f64>() / count as f64;
        // The nearest rank.
        let percentile = |part: f64| {
            let rank = (part * count as f64).ceil() as usize;
            latencies.get(rank.max(1) - 1).copied().unwrap_or(f64::NAN)
        };
        println!(
            "{layout},{name},{clients},{rate},{:.1},{mean:.4},{:.4},{:.4},{:.4},{more}",
            answered as f64 / seconds.as_secs_f64(),
            percentile(0.5),
            percentile(0.9),
            percentile(0.99),
        );
    };
    let each = if used.known {
        let count = run.answered.get().max(1) as f64;
        format!("{:.1},{:.2}", used.cpu_us / count, used.switches as f64 / count)
    } else {
        ",".to_owned()
    };
    let all = done.iter().map(|d| d.milliseconds).collect();
    row(name, run.answered.get(), all, &format!("{},{each}", run.errors.get()));
    if run.case == Case::Mix {
        for case in [Case::Browse, Case::Order, Case::Heavy] {
            let part: Vec<f64> =
                done.iter().filter(|d| d.case == case).map(|d| d.milliseconds).collect();
            row(&format!("{name}: {}", case.name()), part.len() as u64, part, ",,");
        }
    }
}
