"""MariaDB, through its own driver."""

from __future__ import annotations

from typing import Any

from .database import DatabaseManager


class MariaDbManager(DatabaseManager):
    """Users, databases and tables of a MariaDB server."""

    driver = "mariadb"
    meta_package = "mariadb-client"
    default_port = 3306
    default_user = "root"
    password_variables = ("NUA_MARIADB_PASSWORD", "MARIADB_ROOT_PASSWORD")

    def connect(self, dbname: str = "", user: str = "", password: str = "") -> Any:
        return self._load_driver().connect(
            host=self.host,
            port=self.port,
            database=dbname,
            user=user or self.user,
            password=password or self.password,
            autocommit=True,
        )

    def setup_db_user(self, dbname: str, user: str, password: str) -> None:
        database = _identifier(dbname)
        self._rows(f"CREATE DATABASE IF NOT EXISTS {database}")
        account = [user, _ANY_HOST]
        self._rows("CREATE USER IF NOT EXISTS ?@? IDENTIFIED BY ?", [*account, password])
        self._rows("ALTER USER ?@? IDENTIFIED BY ?", [*account, password])
        self._rows(f"GRANT ALL PRIVILEGES ON {database}.* TO ?@?", account)

    def db_exist(self, dbname: str) -> bool:
        statement = "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?"
        return bool(self._rows(statement, [dbname]))

    def db_table_exist(self, dbname: str, user: str, password: str, table: str) -> bool:
        rows = self._rows(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
            [dbname, table],
            dbname=dbname,
            user=user,
            password=password,
        )
        return bool(rows)


# --- internal ---

# The app is in another container, whose address nobody knows yet.
_ANY_HOST = "%"


def _identifier(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
