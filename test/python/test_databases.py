from __future__ import annotations

import os
import types
import unittest
from typing import Any
from unittest import mock

from nua.agent.db.database import DatabaseManager
from nua.agent.db.mariadb_manager import MariaDbManager
from nua.agent.db.postgres_manager import PostgresManager
from nua.lib.errors import NuaError


class FakeDriver(types.ModuleType):
    """A driver without a server: notes connections and statements, answers with ``rows``."""

    class Error(Exception):
        pass

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.log: list[Any] = []
        self.rows: list[tuple[Any, ...]] = []
        self.refusals = 0
        self.description = ("column",)

    def connect(self, **how: Any) -> FakeDriver:
        self.log.append(how)
        if self.refusals:
            self.refusals -= 1
            raise self.Error("starting up")
        return self

    def cursor(self) -> FakeDriver:
        return self

    def close(self) -> None:
        pass

    def execute(self, statement: str, values: tuple[Any, ...]) -> None:
        self.log.append((statement, values))

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    @property
    def statements(self) -> list[Any]:
        return [entry for entry in self.log if isinstance(entry, tuple)]


class DatabaseCase(unittest.TestCase):
    def driver(self, name: str, **environment: str) -> FakeDriver:
        driver = FakeDriver(name)
        for patch in [
            mock.patch.dict("sys.modules", {name: driver}),
            mock.patch.dict(os.environ, environment),
        ]:
            patch.start()
            self.addCleanup(patch.stop)
        return driver


class PostgresTest(DatabaseCase):
    def test_defaults(self) -> None:
        driver = self.driver("psycopg2", NUA_POSTGRES_PASSWORD="", POSTGRES_PASSWORD="secret")
        PostgresManager("db", "", "", "").connect()
        expected = {"host": "db", "port": 5432, "dbname": "postgres", "user": "postgres"}
        self.assertEqual(driver.log, [{**expected, "password": "secret"}])

    def test_a_new_user_with_a_database(self) -> None:
        driver = self.driver("psycopg2")
        PostgresManager("db").setup_db_user('d"b', "us%er", "pass'word")
        self.assertEqual(
            [statement for statement in driver.statements if statement[0][0:6] != "SELECT"],
            [
                ('CREATE ROLE "us%%er" LOGIN PASSWORD %s', ("pass'word",)),
                ('CREATE DATABASE "d""b" OWNER "us%%er"', ()),
                ('GRANT ALL PRIVILEGES ON DATABASE "d""b" TO "us%%er"', ()),
            ],
        )

    def test_a_user_that_is_there_gets_the_password(self) -> None:
        driver = self.driver("psycopg2")
        driver.rows = [(1,)]
        PostgresManager("db").setup_db_user("d", "u", "p")
        verbs = [statement.split()[0] for statement, _ in driver.statements]
        self.assertEqual(verbs, ["SELECT", "ALTER", "SELECT", "GRANT"])

    def test_tables_are_looked_for_as_the_user(self) -> None:
        driver = self.driver("psycopg2")
        manager = PostgresManager("db", "5433")
        self.assertFalse(manager.db_table_exist("d", "u", "p", "books"))
        expected = {"host": "db", "port": 5433, "dbname": "d", "user": "u", "password": "p"}
        self.assertEqual(driver.log[0], expected)
        self.assertEqual(driver.log[1][1], ("books",))
        driver.rows = [(1,)]
        self.assertTrue(manager.db_table_exist("d", "u", "p", "books"))


class MariaDbTest(DatabaseCase):
    def test_a_user_with_a_database(self) -> None:
        driver = self.driver("mariadb", NUA_MARIADB_PASSWORD="secret")
        MariaDbManager("db", None, None, None).setup_db_user("d`b", "u", "p")
        self.assertEqual(driver.log[0]["password"], "secret")
        self.assertEqual(
            driver.statements,
            [
                ("CREATE DATABASE IF NOT EXISTS `d``b`", ()),
                ("CREATE USER IF NOT EXISTS ?@? IDENTIFIED BY ?", ("u", "%", "p")),
                ("ALTER USER ?@? IDENTIFIED BY ?", ("u", "%", "p")),
                ("GRANT ALL PRIVILEGES ON `d``b`.* TO ?@?", ("u", "%")),
            ],
        )

    def test_tables(self) -> None:
        driver = self.driver("mariadb")
        driver.rows = [(1,)]
        self.assertTrue(MariaDbManager("db").db_table_exist("d", "u", "p", "books"))
        self.assertEqual(driver.statements[0][1], ("d", "books"))


class WaitTest(DatabaseCase):
    def test_wait_for_db(self) -> None:
        driver = self.driver("mariadb")
        driver.refusals = 2
        with mock.patch("time.sleep"):
            MariaDbManager("db").wait_for_db()
        self.assertEqual(len(driver.log), 3)
        driver.refusals = 1
        with self.assertRaisesRegex(NuaError, '"db:3306" as "root".*starting up'):
            MariaDbManager("db").wait_for_db(timeout=0)

    def test_a_missing_driver_says_how_to_get_it(self) -> None:
        managers: list[tuple[type[DatabaseManager], str]] = [
            (PostgresManager, "postgres-client"),
            (MariaDbManager, "mariadb-client"),
        ]
        for manager, package in managers:
            with mock.patch.dict("sys.modules", {manager.driver: None}):
                with self.assertRaisesRegex(NuaError, f"{package}.*meta-packages"):
                    manager("db").connect()


if __name__ == "__main__":
    unittest.main()
