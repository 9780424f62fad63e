//! The database: a small pool of connections, and the tables.

use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::{Client, NoTls, Statement};

use crate::Failure;

pub const PRODUCTS: i32 = 10_000;
const REVIEWS_EACH: i32 = 6;

/// A connection with the statements of both roles, prepared once.
pub struct Connection {
    pub client: Client,
    pub product: Statement,
    pub reviews: Statement,
    pub insert: Statement,
    pub take: Statement,
}

impl Connection {
    async fn open(parameters: &str) -> Result<Self, Failure> {
        let client = connect(parameters).await?;
        Ok(Self {
            product: client
                .prepare("SELECT name, description, price FROM product WHERE id = $1")
                .await?,
            reviews: client
                .prepare("SELECT author, stars, body FROM review WHERE product = $1 ORDER BY id")
                .await?,
            insert: client
                .prepare("INSERT INTO orders (product, price) VALUES ($1, $2) RETURNING id")
                .await?,
            take: client.prepare("UPDATE stock SET quantity = quantity - 1 WHERE id = $1").await?,
            client,
        })
    }
}

async fn connect(parameters: &str) -> Result<Client, Failure> {
    let (client, connection) = tokio_postgres::connect(parameters, NoTls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            eprintln!("database: {error}");
        }
    });
    Ok(client)
}

/// Connections that wait for work; whoever comes when all are out waits in line.
#[derive(Clone)]
pub struct Pool {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Pool {
    pub async fn connect(parameters: &str, size: usize) -> Result<Self, Failure> {
        let mut idle = Vec::with_capacity(size);
        for _ in 0..size {
            idle.push(Connection::open(parameters).await?);
        }
        Ok(Self { idle: Arc::new(Mutex::new(idle)), permits: Arc::new(Semaphore::new(size)) })
    }

    pub async fn take(&self) -> Result<Taken, Failure> {
        let permit = Arc::clone(&self.permits).acquire_owned().await?;
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Taken { connection, idle: Arc::clone(&self.idle), _permit: permit })
    }
}

/// A connection out of the pool; it goes back when this is dropped.
pub struct Taken {
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
    _permit: OwnedSemaphorePermit,
}

impl Deref for Taken {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("a permit stands for a connection")
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let connection = self.connection.take();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).extend(connection);
    }
}

/// Makes the tables and fills them. A page of a product comes to about 2.7 kB of JSON.
pub async fn fill(parameters: &str) -> Result<(), Failure> {
    let client = connect(parameters).await?;
    let sql = format!(
        "CREATE TABLE product (id int PRIMARY KEY, name text NOT NULL, description text NOT NULL,
             price int NOT NULL);
         CREATE TABLE review (id serial PRIMARY KEY, product int NOT NULL, author text NOT NULL,
             stars int NOT NULL, body text NOT NULL);
         CREATE TABLE stock (id int PRIMARY KEY, quantity int NOT NULL) WITH (fillfactor = 50);
         CREATE TABLE orders (id bigserial PRIMARY KEY, product int NOT NULL, price int NOT NULL);
         INSERT INTO product SELECT i, 'product ' || i, repeat('about product ' || i || '. ', 50),
             i % 900 + 100 FROM generate_series(1, {PRODUCTS}) i;
         INSERT INTO review (product, author, stars, body)
             SELECT i, 'reader ' || r, r % 5 + 1, repeat('seen by ' || r || '. ', 19)
             FROM generate_series(1, {PRODUCTS}) i, generate_series(1, {REVIEWS_EACH}) r;
         CREATE INDEX ON review (product);
         INSERT INTO stock SELECT i, 0 FROM generate_series(1, {PRODUCTS}) i;
         UPDATE stock SET quantity = 1000000000;"
    );
    client.batch_execute(&sql).await?;
    // Neither of these can run in a transaction, which several statements in one call are.
    client.batch_execute("VACUUM ANALYZE").await?;
    client.batch_execute("CHECKPOINT").await?;
    // The first change of a page after a checkpoint writes all of it to the log: once, here.
    client.batch_execute("UPDATE stock SET quantity = 1000000000").await?;
    client.batch_execute("VACUUM stock").await?;
    Ok(())
}
