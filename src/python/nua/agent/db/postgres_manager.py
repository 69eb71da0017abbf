"""PostgreSQL, through psycopg2."""

from __future__ import annotations

from typing import Any

from .database import DatabaseManager


class PostgresManager(DatabaseManager):
    """Users, databases and tables of a PostgreSQL server."""

    driver = "psycopg2"
    meta_package = "postgres-client"
    default_port = 5432
    default_user = "postgres"
    password_variables = ("NUA_POSTGRES_PASSWORD", "POSTGRES_PASSWORD")

    def connect(self, dbname: str = "", user: str = "", password: str = "") -> Any:
        connection = self._load_driver().connect(
            host=self.host,
            port=self.port,
            dbname=dbname or "postgres",
            user=user or self.user,
            password=password or self.password,
        )
        # CREATE DATABASE is refused within a transaction.
        connection.autocommit = True
        return connection

    def setup_db_user(self, dbname: str, user: str, password: str) -> None:
        role, database = _identifier(user), _identifier(dbname)
        known = self._rows("SELECT 1 FROM pg_roles WHERE rolname = %s", [user])
        verb = "ALTER" if known else "CREATE"
        self._rows(f"{verb} ROLE {role} LOGIN PASSWORD %s", [password])
        if not self.db_exist(dbname):
            self._rows(f"CREATE DATABASE {database} OWNER {role}")
        self._rows(f"GRANT ALL PRIVILEGES ON DATABASE {database} TO {role}")

    def db_exist(self, dbname: str) -> bool:
        return bool(self._rows("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]))

    def db_table_exist(self, dbname: str, user: str, password: str, table: str) -> bool:
        rows = self._rows(
            "SELECT 1 FROM information_schema.tables WHERE table_name = %s",
            [table],
            dbname=dbname,
            user=user,
            password=password,
        )
        return bool(rows)


# --- internal ---


def _identifier(name: str) -> str:
    # Doubled percent signs, because the statement goes through the driver's formatting.
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'
