//! Databases that refuse a program, and migrations that fail.

use super::{
    detail::Detail,
    row::{PROGRAM, Row},
};
use crate::evidence::Attribution;

pub(super) const ROWS: &[Row] = &[
    // PostgreSQL (Grashjs/cmms#38), MySQL and MariaDB (wallabag/docker#406), MongoDB, SQL Server, Oracle, Redis, Kafka
    Row {
        sign: "login-refused",
        phrases: &[
            &["password authentication failed"],
            &["access denied for user"],
            &["login failed for user"],
            &["ora-01017"],
            &["wrongpass"],
            &["noauth authentication required"],
            &["mongo", "authentication failed"],
            &["sasl", "authentication failed"],
            &["invalid username or password"],
            &["access_refused"],
            &["pg_hba.conf"],
        ],
        details: &[
            Detail::Between("authentication failed for user \"", "\""),
            Detail::Between("access denied for user '", "'"),
            Detail::Between("login failed for user '", "'"),
            Detail::Between(", user \"", "\""),
        ],
        cause: "the database or broker refuses the program's login",
        named: "the database refuses the login of user {}",
        attribution: Attribution::Configuration,
        next_step: "correct user and password in the Secret that the pods use (and see that the pods were made after it), or grant the user access",
        ..PROGRAM
    },
    // PostgreSQL 3D000, MySQL 1049, SQL Server 4060
    Row {
        sign: "database-missing",
        phrases: &[
            &["database \"", "\" does not exist"],
            &["unknown database '"],
            &["cannot open database \""],
        ],
        details: &[
            Detail::Between("database \"", "\""),
            Detail::Between("unknown database '", "'"),
        ],
        cause: "the database does not exist",
        named: "the database {} does not exist",
        attribution: Attribution::Configuration,
        next_step: "create the database, or correct its name in the program's configuration",
        ..PROGRAM
    },
    Row {
        sign: "database-role-missing",
        phrases: &[&["role \"", "\" does not exist"]],
        details: &[Detail::Between("role \"", "\"")],
        cause: "the database user does not exist",
        named: "the database user {} does not exist",
        attribution: Attribution::Configuration,
        next_step: "create the user, or correct its name in the program's configuration",
        ..PROGRAM
    },
    // PostgreSQL 42501
    Row {
        sign: "database-rights",
        phrases: &[
            &["permission denied for table"],
            &["permission denied for schema"],
            &["permission denied for relation"],
            &["permission denied for database"],
            &["permission denied for sequence"],
            &["must be owner of"],
            &["command denied to user"],
        ],
        details: &[Detail::Rest("permission denied for "), Detail::Rest("must be owner of ")],
        cause: "the database user lacks a right",
        named: "the database user lacks a right on {}",
        attribution: Attribution::Configuration,
        next_step: "grant the right to the user, or run the migration as the owner",
        ..PROGRAM
    },
    // HikariCP, SQLAlchemy, node-postgres, knex: a pool of the program's own
    Row {
        sign: "pool-exhausted",
        phrases: &[
            &["connection is not available, request timed out"],
            &["queuepool limit of size"],
            &["timeout acquiring a connection"],
            &["timeout exceeded when trying to connect"],
            &["unable to acquire jdbc connection"],
            &["connection pool", "exhausted"],
            &["pool", "no connections available"],
        ],
        cause: "the program's own connection pool has no connection left",
        attribution: Attribution::Application,
        next_step: "close what leaks connections, or enlarge the pool (and the database's limit with it)",
        ..PROGRAM
    },
    // the SQLSTATEs 42701 and 42P07, SQLite, MySQL 1050 and 1060
    Row {
        sign: "schema-exists",
        phrases: &[
            &["column \"", "already exists"],
            &["relation \"", "already exists"],
            &["duplicate column name"],
            &["table '", "already exists"],
            &["table \"", "already exists"],
        ],
        details: &[
            Detail::Between("column \"", "\""),
            Detail::Between("relation \"", "\""),
            Detail::Between("duplicate column name '", "'"),
            Detail::Between("duplicate column name: ", "\n"),
            Detail::Between("table '", "'"),
            Detail::Between("table \"", "\""),
        ],
        cause: "a migration adds what the database has already",
        named: "a migration adds {}, which the database has already",
        attribution: Attribution::Application,
        next_step: "make the migration idempotent (`IF NOT EXISTS`), or mark it as applied; two pods may have migrated at once",
        ..PROGRAM
    },
    // PostgreSQL 53300, MySQL 1040
    Row {
        sign: "too-many-connections",
        phrases: &[
            &["too many clients already"],
            &["too many connections"],
            &["remaining connection slots are reserved"],
            &["maxclientsinsessionmode"],
        ],
        cause: "the database has no connection left",
        attribution: Attribution::Configuration,
        next_step: "make the program's pool smaller (old and new pods run side by side during a rollout), or raise the database's limit",
        ..PROGRAM
    },
    // PostgreSQL 57P03
    Row {
        sign: "database-starting",
        phrases: &[
            &["the database system is starting up"],
            &["the database system is shutting down"],
            &["the database system is in recovery mode"],
        ],
        cause: "the database was starting or stopping when the program connected",
        attribution: Attribution::Unknown,
        next_step: "see the database's state; let the program wait and retry at its start",
        passes: true,
        ..PROGRAM
    },
    // golang-migrate; Alembic (freedomofpress/securedrop-client#202); Flyway (flyway/flyway#2027); Liquibase; Rails;
    // Prisma P3009 and P3018; Django
    Row {
        sign: "migration-history",
        phrases: &[
            &["dirty database version"],
            &["can't locate revision identified by"],
            &["flywayvalidateexception"],
            &["migration checksum mismatch"],
            &["migrations have failed validation"],
            &["detected failed migration"],
            &["validationfailedexception", "changesets"],
            &["migrate found failed migrations"],
            &["inconsistentmigrationhistory"],
            &["conflicting migrations detected"],
        ],
        details: &[Detail::Whole],
        cause: "the database's record of migrations does not fit the program's migrations",
        named: "the database's record of migrations does not fit the program's migrations: {}",
        attribution: Attribution::Application,
        next_step: "finish or repair the failed migration by hand, and never change or drop one that was applied",
        ..PROGRAM
    },
    Row {
        sign: "migration-pending",
        phrases: &[
            &["pendingmigrationerror"],
            &["migrations are pending"],
            &["you have ", "unapplied migration"],
            &["pending model changes"],
        ],
        cause: "the database lacks migrations that the program needs",
        attribution: Attribution::Configuration,
        next_step: "run the migrations before the rollout (a Job or an init container)",
        ..PROGRAM
    },
    // PostgreSQL 42P01 and 42703, MySQL 1146 and 1054, SQLite
    Row {
        sign: "schema-mismatch",
        phrases: &[
            &["relation \"", "\" does not exist"],
            &["column \"", "does not exist"],
            &["table '", "doesn't exist"],
            &["unknown column '"],
            &["no such table: "],
            &["no such column: "],
            &["invalid object name '"],
        ],
        details: &[
            Detail::Between("relation \"", "\""),
            Detail::Between("column \"", "\""),
            Detail::Between("table '", "'"),
            Detail::Between("unknown column '", "'"),
            Detail::After("no such table: "),
            Detail::After("no such column: "),
            Detail::Between("invalid object name '", "'"),
        ],
        cause: "the database's tables are not those that the program expects",
        named: "the database's tables are not those that the program expects: {} is missing",
        attribution: Attribution::Configuration,
        next_step: "run the migrations of this version before the rollout, on the database that the program uses",
        ..PROGRAM
    },
];

/// After everything that says why a migration failed.
pub(super) const GENERAL: &[Row] = &[Row {
    sign: "migration-failed",
    phrases: &[
        &["migration", "failed"],
        &["failed", "migration"],
        &["error", "running migration"],
        &["error", "applying migration"],
        &["migrate", "failed"],
    ],
    details: &[Detail::Whole],
    cause: "a database migration failed",
    named: "a database migration failed: {}",
    attribution: Attribution::Application,
    next_step: "correct the migration or the data that it stumbles over, and see that it is not half applied",
    ..PROGRAM
}];
