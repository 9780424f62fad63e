//! The orders: one transaction that inserts an order and takes one from the stock.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::database::{Connection, Pool};
use crate::front::failed;
use crate::{Failure, Place};

#[derive(Serialize, Deserialize)]
pub struct Order {
    pub product: i32,
    pub price: i32,
    /// The row of the stock: it is told apart from the product, so that orders of any product
    /// can be made to meet on few rows.
    pub stock: i32,
}

#[derive(Serialize, Deserialize)]
pub struct Placed {
    pub order: i64,
}

pub struct Orders {
    pool: Pool,
}

impl Orders {
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    async fn place(&self, order: &Order) -> Result<Placed, Failure> {
        let database = self.pool.take().await?;
        database.client.batch_execute("BEGIN").await?;
        match write(&database, order).await {
            Ok(id) => {
                database.client.batch_execute("COMMIT").await?;
                Ok(Placed { order: id })
            }
            Err(error) => {
                database.client.batch_execute("ROLLBACK").await?;
                Err(error)
            }
        }
    }
}

async fn write(database: &Connection, order: &Order) -> Result<i64, Failure> {
    let row = database.client.query_one(&database.insert, &[&order.product, &order.price]).await?;
    database.client.execute(&database.take, &[&order.stock]).await?;
    Ok(row.get(0))
}

/// What the front calls, wherever it is.
impl Place<Orders> {
    pub async fn place(&self, order: &Order) -> Result<Placed, Failure> {
        match self {
            Self::Here(orders) => orders.place(order).await,
            Self::At(http, url) => {
                let answer = http.post(format!("{url}/orders")).json(order).send().await?;
                Ok(answer.error_for_status()?.json().await?)
            }
        }
    }
}

async fn place(
    State(orders): State<Arc<Orders>>,
    Json(order): Json<Order>,
) -> Result<Json<Placed>, StatusCode> {
    orders.place(&order).await.map(Json).map_err(failed)
}

pub fn routes(orders: Arc<Orders>) -> Router {
    Router::new().route("/orders", post(place)).with_state(orders)
}
