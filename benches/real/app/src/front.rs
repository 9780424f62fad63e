//! The front: what clients call.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

use crate::catalog::{Catalog, Digest, Page};
use crate::orders::{Order, Orders, Placed};
use crate::{Failure, Place};

pub struct Front {
    pub catalog: Place<Catalog>,
    pub orders: Place<Orders>,
}

#[derive(Deserialize)]
struct Wanted {
    product: i32,
}

#[derive(Deserialize)]
struct Bought {
    product: i32,
    stock: i32,
}

type Answer<T> = Result<Json<T>, StatusCode>;

pub fn failed(error: Failure) -> StatusCode {
    eprintln!("{error}");
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn ping() -> &'static str {
    "pong"
}

async fn browse(State(front): State<Arc<Front>>, Query(wanted): Query<Wanted>) -> Answer<Page> {
    front.catalog.page(wanted.product).await.map(Json).map_err(failed)
}

async fn order(State(front): State<Arc<Front>>, Query(bought): Query<Bought>) -> Answer<Placed> {
    let price = front.catalog.price(bought.product).await.map_err(failed)?.price;
    let order = Order { product: bought.product, price, stock: bought.stock };
    front.orders.place(&order).await.map(Json).map_err(failed)
}

async fn heavy(State(front): State<Arc<Front>>) -> Answer<Digest> {
    front.catalog.heavy().await.map(Json).map_err(failed)
}

pub fn routes(front: Arc<Front>) -> Router {
    Router::new()
        .route("/ping", get(ping))
        .route("/browse", get(browse))
        .route("/order", post(order))
        .route("/heavy", get(heavy))
        .with_state(front)
}
