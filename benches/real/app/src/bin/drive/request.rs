//! The requests, and a connection that sends them one after the other.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::spawn_local;

use crate::Failure;

const PRODUCTS: u32 = 10_000;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Ping,
    Browse,
    Order,
    Heavy,
    /// 70 % browse, 20 % order, 10 % heavy.
    Mix,
}

impl Case {
    pub fn parse(name: &str) -> Result<Self, Failure> {
        [Self::Ping, Self::Browse, Self::Order, Self::Heavy, Self::Mix]
            .into_iter()
            .find(|case| case.name() == name)
            .ok_or_else(|| format!("there is no case {name:?}").into())
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Ping => "ping",
            Self::Browse => "browse",
            Self::Order => "order",
            Self::Heavy => "heavy",
            Self::Mix => "mix",
        }
    }

    /// The request to send now: one of the mix, or always the same.
    pub fn draw(self, random: &mut Random) -> Self {
        match self {
            Self::Mix => match random.below(10) {
                0..7 => Self::Browse,
                7..9 => Self::Order,
                _ => Self::Heavy,
            },
            other => other,
        }
    }

    /// Its path; an order takes from one of `rows` rows of the stock.
    pub fn path(self, rows: u32, random: &mut Random) -> String {
        match self {
            Self::Browse => format!("/browse?product={}", random.below(PRODUCTS) + 1),
            Self::Order => {
                let product = random.below(PRODUCTS) + 1;
                format!("/order?product={product}&stock={}", random.below(rows) + 1)
            }
            other => format!("/{}", other.name()),
        }
    }
}

pub struct Connection {
    sender: SendRequest<Empty<Bytes>>,
    host: String,
}

impl Connection {
    pub async fn open(address: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends with an error only if the server does; the request in it tells that.
        spawn_local(async move {
            let _ = connection.await;
        });
        Ok(Self { sender, host: address.to_owned() })
    }

    /// Sends a request and reads its answer to the end.
    pub async fn send(&mut self, case: Case, path: &str) -> Result<(), Failure> {
        self.sender.ready().await?;
        let method = if case == Case::Order { Method::POST } else { Method::GET };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.host)
            .body(Empty::new())?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        answer.into_body().collect().await?;
        if status.is_success() { Ok(()) } else { Err(format!("{path}: {status}").into()) }
    }
}

/// `SplitMix64`: enough for choosing rows and gaps, and the same on every machine.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed);
        // The first number would tell the seed: clients that start together would ask alike.
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        (((self.next() >> 32) * u64::from(limit)) >> 32) as u32
    }

    /// An exponential gap of mean one.
    pub fn exponential(&mut self) -> f64 {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        -(1.0 - unit).ln()
    }
}
