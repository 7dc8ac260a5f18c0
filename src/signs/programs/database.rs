//! Databases that refuse a program, and migrations that fail.

use super::row::{CODE, PROGRAM, Row, SETTING, rows};

pub(super) const ROWS: &[Row] = rows! {
    // PostgreSQL (Grashjs/cmms#38), MySQL and MariaDB (wallabag/docker#406), MongoDB, SQL Server, Oracle, Redis, Kafka
    SETTING { sign: "login-refused",
        shown_by: "password authentication failed|access denied for user|login failed for user|ora-01017|wrongpass\
            |noauth authentication required|mongo…authentication failed|sasl…authentication failed\
            |invalid username or password|access_refused|pg_hba.conf",
        names: "authentication failed for user \"<>\"|access denied for user '<>'|login failed for user '<>'\
            |, user \"<>\"",
        cause: "[the database refuses the login of user {}|the database or broker refuses the program's login]",
        next_step: "correct user and password in the Secret that the pods use. If they are right, grant the user access" }
    // PostgreSQL 3D000, MySQL 1049, SQL Server 4060
    SETTING { sign: "database-missing",
        shown_by: "database \"…\" does not exist|unknown database '|cannot open database \"",
        names: "database \"<>\"|unknown database '<>'",
        cause: "the database [{} ]does not exist",
        next_step: "create the database. If it has another name, correct the program's configuration" }
    SETTING { sign: "database-role-missing", shown_by: "role \"…\" does not exist",
        names: "role \"<>\"",
        cause: "the database user [{} ]does not exist",
        next_step: "create the user. If it has another name, correct the program's configuration" }
    // PostgreSQL 42501
    SETTING { sign: "database-rights",
        shown_by: "permission denied for table|permission denied for schema|permission denied for relation\
            |permission denied for database|permission denied for sequence|must be owner of|command denied to user",
        names: "permission denied for <rest>|must be owner of <rest>",
        cause: "the database user lacks a permission[ on {}]",
        next_step: "grant it to the user, or run the migration as the owner" }
    // HikariCP, SQLAlchemy, node-postgres, knex: a pool of the program's own
    CODE { sign: "pool-exhausted",
        shown_by: "connection is not available, request timed out|queuepool limit of size\
            |timeout acquiring a connection|timeout exceeded when trying to connect\
            |unable to acquire jdbc connection|connection pool…exhausted|pool…no connections available",
        cause: "the program's own connection pool has no connection left",
        next_step: "close connections that leak. If none do, enlarge the pool and the database's limit with it" }
    // the SQLSTATEs 42701 and 42P07, SQLite, MySQL 1050 and 1060
    CODE { sign: "schema-exists",
        shown_by: "column \"…already exists|relation \"…already exists|duplicate column name|table '…already exists\
            |table \"…already exists",
        names: "column \"<>\"|relation \"<>\"|duplicate column name '<>'|duplicate column name: <line>|table '<>'\
            |table \"<>\"",
        cause: "a migration adds [{}, which|what] the database already has",
        next_step: "make the migration idempotent (`IF NOT EXISTS`). If it was applied already, mark it as applied" }
    // PostgreSQL 53300, MySQL 1040
    SETTING { sign: "too-many-connections",
        shown_by: "too many clients already|too many connections|remaining connection slots are reserved\
            |maxclientsinsessionmode",
        cause: "the database has no connection left",
        next_step: "make the program's pool smaller: old and new pods run side by side during a rollout. If it is small already, raise the database's limit" }
    // PostgreSQL 57P03
    PROGRAM { sign: "database-starting", passes: true,
        shown_by: "the database system is starting up|the database system is shutting down\
            |the database system is in recovery mode",
        cause: "the database was starting or stopping when the program connected",
        next_step: "deploy again once the database runs. If this happens often, let the program retry at its start" }
    // golang-migrate; Alembic (freedomofpress/securedrop-client#202); Flyway (flyway/flyway#2027); Liquibase; Rails;
    // Prisma P3009 and P3018; Django
    CODE { sign: "migration-history",
        shown_by: "dirty database version|can't locate revision identified by|flywayvalidateexception\
            |migration checksum mismatch|migrations have failed validation|detected failed migration\
            |validationfailedexception…changesets|migrate found failed migrations|inconsistentmigrationhistory\
            |conflicting migrations detected",
        names: "<text>",
        cause: "the database's record of migrations does not match the program's migrations[: {}]",
        next_step: "repair the failed migration by hand. If one that was applied is changed or missing, restore it" }
    SETTING { sign: "migration-pending",
        shown_by: "pendingmigrationerror|migrations are pending|you have …unapplied migration|pending model changes",
        cause: "the database lacks migrations that the program needs",
        next_step: "run the migrations before the rollout (a Job or an init container)" }
    // PostgreSQL 42P01 and 42703, MySQL 1146 and 1054, SQLite
    SETTING { sign: "schema-mismatch",
        shown_by: "relation \"…\" does not exist|column \"…does not exist|table '…doesn't exist|unknown column '\
            |no such table: |no such column: |invalid object name '",
        names: "relation \"<>\"|column \"<>\"|table '<>'|unknown column '<>'|no such table: <word>\
            |no such column: <word>|invalid object name '<>'",
        cause: "the database does not have [{}, which|the tables that] the program expects",
        next_step: "run the migrations of this version before the rollout, on the database that the program uses" }
};

/// After everything that says why a migration failed.
pub(super) const GENERAL: &[Row] = rows! {
    CODE { sign: "migration-failed",
        shown_by: "migration…failed|failed…migration|error…running migration|error…applying migration|migrate…failed",
        names: "<text>",
        cause: "a database migration failed[: {}]",
        next_step: "correct the migration, or the data that it fails on. If it is half applied, repair that first" }
};
