"""What the managers of databases have in common."""

from __future__ import annotations

import importlib
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from typing import Any, ClassVar

from nua.lib.errors import NuaError


class DatabaseManager(ABC):
    """Talks to a database server as its administrator.

    :param host: by default this machine
    :param port: by default the server's usual one
    :param user: by default the server's administrator
    :param password: by default the first that is set of the variables in ``password_variables``
    """

    #: The Python module of the driver, and the meta-package that installs it.
    driver: ClassVar[str]
    meta_package: ClassVar[str]
    default_port: ClassVar[int]
    default_user: ClassVar[str]
    password_variables: ClassVar[Sequence[str]]

    def __init__(
        self,
        host: str | None = "",
        port: str | int | None = "",
        user: str | None = "",
        password: str | None = "",
    ) -> None:
        self.host = host or "localhost"
        self.port = int(port or self.default_port)
        self.user = user or self.default_user
        values = (os.environ.get(name) for name in self.password_variables)
        self.password = password or next(filter(None, values), "")

    @abstractmethod
    def connect(self, dbname: str = "", user: str = "", password: str = "") -> Any:
        """Open a connection that commits each statement; as administrator by default."""

    @abstractmethod
    def setup_db_user(self, dbname: str, user: str, password: str) -> None:
        """Make sure that a user with this password and a database of his exist."""

    @abstractmethod
    def db_exist(self, dbname: str) -> bool:
        """Whether the server has a database of that name."""

    @abstractmethod
    def db_table_exist(self, dbname: str, user: str, password: str, table: str) -> bool:
        """Whether the user finds a table of that name in his database."""

    def wait_for_db(self, timeout: float = 120) -> None:
        """Wait until the server answers.

        :param timeout: seconds
        :raises NuaError: with the last answer, when they are over
        """
        load = self._load_driver()
        deadline = time.monotonic() + timeout
        while True:
            try:
                self.connect().close()
                return
            except load.Error as error:
                if time.monotonic() >= deadline:
                    raise NuaError(
                        f'Connect to "{self.host}:{self.port}" as "{self.user}": '
                        f"no database after {timeout:g} seconds: {error}"
                    ) from error
                time.sleep(1)

    def _load_driver(self) -> Any:
        # Only here, for few images have a driver.
        try:
            return importlib.import_module(self.driver)
        except ImportError as error:
            raise NuaError(
                f'Import "{self.driver}": not installed; add "{self.meta_package}" to '
                "build.meta-packages"
            ) from error

    def _rows(
        self,
        statement: str,
        values: Sequence[str] = (),
        *,
        dbname: str = "",
        user: str = "",
        password: str = "",
    ) -> list[Sequence[Any]]:
        with closing(self.connect(dbname, user, password)) as connection:
            with closing(connection.cursor()) as cursor:
                cursor.execute(statement, tuple(values))
                return list(cursor.fetchall()) if cursor.description else []
