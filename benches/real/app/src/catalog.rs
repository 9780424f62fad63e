//! The catalog: pages of products, prices, and a computation that takes long.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::database::Pool;
use crate::front::failed;
use crate::{Failure, Place};

#[derive(Serialize, Deserialize)]
pub struct Page {
    id: i32,
    name: String,
    description: String,
    price: i32,
    reviews: Vec<Review>,
}

#[derive(Serialize, Deserialize)]
struct Review {
    author: String,
    stars: i32,
    body: String,
}

#[derive(Serialize, Deserialize)]
pub struct Price {
    pub price: i32,
}

#[derive(Serialize, Deserialize)]
pub struct Digest {
    pub digest: u64,
}

pub struct Catalog {
    pool: Pool,
    rounds: u64,
}

impl Catalog {
    pub fn new(pool: Pool, rounds: u64) -> Self {
        Self { pool, rounds }
    }

    /// Two reads by index.
    async fn page(&self, id: i32) -> Result<Page, Failure> {
        let database = self.pool.take().await?;
        let product = database.client.query_one(&database.product, &[&id]).await?;
        let reviews = database.client.query(&database.reviews, &[&id]).await?;
        Ok(Page {
            id,
            name: product.get(0),
            description: product.get(1),
            price: product.get(2),
            reviews: reviews
                .iter()
                .map(|row| Review { author: row.get(0), stars: row.get(1), body: row.get(2) })
                .collect(),
        })
    }

    /// One read by index.
    async fn price(&self, id: i32) -> Result<Price, Failure> {
        let database = self.pool.take().await?;
        let product = database.client.query_one(&database.product, &[&id]).await?;
        Ok(Price { price: product.get(2) })
    }

    fn heavy(&self) -> Digest {
        Digest { digest: hash(self.rounds) }
    }
}

/// A chain of multiplications that no compiler can shorten.
fn hash(rounds: u64) -> u64 {
    let mut value = black_box(0x9e37_79b9_7f4a_7c15_u64);
    for round in 0..rounds {
        value = (value ^ round).wrapping_mul(0xff51_afd7_ed55_8ccd);
        value ^= value >> 33;
    }
    black_box(value)
}

/// How many rounds of hashing take this long here: from the quickest of many tries, since
/// whatever else the machine does only adds to the others.
pub fn calibrate(milliseconds: f64) -> u64 {
    const ROUNDS: u64 = 500_000;
    let quickest = (0..200)
        .map(|_| {
            let start = Instant::now();
            hash(ROUNDS);
            start.elapsed()
        })
        .min()
        .unwrap_or(Duration::from_millis(1));
    (ROUNDS as f64 * milliseconds / (quickest.as_secs_f64() * 1000.0)) as u64
}

/// What the front calls, wherever it is.
impl Place<Catalog> {
    pub async fn page(&self, id: i32) -> Result<Page, Failure> {
        match self {
            Self::Here(catalog) => catalog.page(id).await,
            Self::At(http, url) => fetch(http, format!("{url}/catalog/page/{id}")).await,
        }
    }

    pub async fn price(&self, id: i32) -> Result<Price, Failure> {
        match self {
            Self::Here(catalog) => catalog.price(id).await,
            Self::At(http, url) => fetch(http, format!("{url}/catalog/price/{id}")).await,
        }
    }

    pub async fn heavy(&self) -> Result<Digest, Failure> {
        match self {
            Self::Here(catalog) => Ok(catalog.heavy()),
            Self::At(http, url) => fetch(http, format!("{url}/catalog/heavy")).await,
        }
    }
}

async fn fetch<T: for<'a> Deserialize<'a>>(
    http: &reqwest::Client,
    url: String,
) -> Result<T, Failure> {
    Ok(http.get(url).send().await?.error_for_status()?.json().await?)
}

type Answer<T> = Result<Json<T>, StatusCode>;

async fn page(State(catalog): State<Arc<Catalog>>, Path(id): Path<i32>) -> Answer<Page> {
    catalog.page(id).await.map(Json).map_err(failed)
}

async fn price(State(catalog): State<Arc<Catalog>>, Path(id): Path<i32>) -> Answer<Price> {
    catalog.price(id).await.map(Json).map_err(failed)
}

async fn heavy(State(catalog): State<Arc<Catalog>>) -> Json<Digest> {
    Json(catalog.heavy())
}

pub fn routes(catalog: Arc<Catalog>) -> Router {
    Router::new()
        .route("/catalog/page/{id}", get(page))
        .route("/catalog/price/{id}", get(price))
        .route("/catalog/heavy", get(heavy))
        .with_state(catalog)
}
