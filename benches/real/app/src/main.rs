//! The shop: `front`, `catalog` and `orders`, in one process or in several.
//!
//! A process plays the roles it is told; a role it does not play is called over HTTP/JSON at
//! the address it is told. So one process with all roles calls functions, and three processes
//! with a role each call each other.

mod catalog;
mod database;
mod front;
mod orders;

use std::error::Error;
use std::process::exit;
use std::sync::Arc;

use axum::Router;
use axum::serve::ListenerExt;
use shop::Arguments;
use tokio::net::TcpListener;

use catalog::Catalog;
use database::Pool;
use front::Front;
use orders::Orders;

const USAGE: &str = "\
shop --roles front,catalog,orders --listen ADDRESS [--database PARAMETERS] [--pool N]
     [--catalog URL] [--orders URL] [--heavy-rounds N]
shop --calibrate MILLISECONDS    tells how many rounds of hashing take that long here
shop --fill PARAMETERS           makes the tables in that database and fills them";

pub type Failure = Box<dyn Error + Send + Sync>;

/// A role in this process, or where another process plays it.
pub enum Place<T> {
    Here(T),
    At(reqwest::Client, String),
}

/// One thread: a process is one event loop.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let Some(arguments) = Arguments::read() else {
        eprintln!("{USAGE}");
        exit(2);
    };
    if let Some(milliseconds) = arguments.get("calibrate") {
        println!("{}", catalog::calibrate(milliseconds.parse()?));
        return Ok(());
    }
    if let Some(parameters) = arguments.get("fill") {
        return database::fill(parameters).await;
    }
    serve(&arguments).await
}

async fn serve(arguments: &Arguments) -> Result<(), Failure> {
    let (Some(roles), Some(address)) = (arguments.get("roles"), arguments.get("listen")) else {
        eprintln!("{USAGE}");
        exit(2);
    };
    let plays = |role| roles.split(',').any(|r| r == role);
    let pool = match arguments.get("database") {
        Some(parameters) if plays("catalog") || plays("orders") => {
            Some(Pool::connect(parameters, arguments.number("pool", 16)?).await?)
        }
        _ => None,
    };
    let here = || pool.clone().ok_or("this role needs --database");
    let rounds = arguments.number("heavy-rounds", 100_000)?;
    let http = reqwest::Client::builder().tcp_nodelay(true).build()?;
    let at = |role| arguments.get(role).map(|url| (http.clone(), url.to_owned()));

    let mut router = Router::new();
    if plays("front") {
        let catalog = match at("catalog") {
            Some((http, url)) => Place::At(http, url),
            None => Place::Here(Catalog::new(here()?, rounds)),
        };
        let orders = match at("orders") {
            Some((http, url)) => Place::At(http, url),
            None => Place::Here(Orders::new(here()?)),
        };
        router = router.merge(front::routes(Arc::new(Front { catalog, orders })));
    }
    if plays("catalog") {
        router = router.merge(catalog::routes(Arc::new(Catalog::new(here()?, rounds))));
    }
    if plays("orders") {
        router = router.merge(orders::routes(Arc::new(Orders::new(here()?))));
    }
    // Answers are small: without this they could wait for the acknowledgement of the last one.
    let listener = TcpListener::bind(address).await?.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            eprintln!("no TCP_NODELAY: {error}");
        }
    });
    Ok(axum::serve(listener, router).await?)
}
