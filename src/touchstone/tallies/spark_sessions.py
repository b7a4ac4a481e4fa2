"""One Spark session for the whole program, started when it is first needed."""

import atexit
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import ibis
from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from touchstone.base.errors import TouchstoneError

CONF_FOLDER = "SPARK_CONF_DIR"
LOG = "spark.log"
LOG_LINES_SHOWN = 3
SECONDS_TO_STOP = 20
# What makes sums equal and leaves nothing behind, whatever else is configured.
ALWAYS = {
    "spark.app.name": "touchstone",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
# One machine, where the environment names no configuration of a cluster.
ON_ONE_MACHINE = {
    "spark.master": "local[*]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
}


@contextmanager
def without_warnings() -> Iterator[None]:
    """Leave out that PySpark has not been tried with pandas 3: nothing here goes through pandas."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


class SparkPlace:
    """A running Spark: its session, Ibis on it, and a folder for its files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._gateway = _launch(folder)
        with without_warnings():
            self.session = SparkSession(SparkContext(conf=_conf(folder), gateway=self._gateway))
            self.ibis: Any = ibis.pyspark.connect(self.session)

    def next_number(self) -> int:
        """Give a number that was not given before."""
        return next(self._numbers)

    def new_path(self) -> Path:
        """Give the path of a Parquet file that is not there yet."""
        return self._folder / f"rows-{self.next_number()}.parquet"

    def stop(self) -> None:
        """Stop Spark and its Java process, and remove the folder with everything in it."""
        process = self._gateway.proc
        try:
            self.session.stop()
            self._gateway.shutdown()
        finally:
            process.stdin.close()
            process.wait(SECONDS_TO_STOP)
            shutil.rmtree(self._folder, ignore_errors=True)


@cache
def open_spark() -> SparkPlace:
    """Give the program's Spark, starting it at the first call; it stops when the program ends.

    It runs on all cores of this machine. Where the environment variable `SPARK_CONF_DIR` names a
    folder with a `spark-defaults.conf`, master, memory and partitions are those written there.
    What Spark prints goes to a file, whose last lines an error shows.

    Raises TouchstoneError ENGINE-02 when there is no Java, ENGINE-03 when Spark does not start.
    """
    check_java()
    folder = Path(tempfile.mkdtemp(prefix="touchstone-spark-"))
    try:
        place = SparkPlace(folder)
    except (PySparkException, Py4JError, OSError) as fault:
        last = _last_lines(folder / LOG) or str(fault)
        shutil.rmtree(folder, ignore_errors=True)
        raise _not_started(last) from fault
    atexit.register(place.stop)
    return place


def check_java() -> None:
    """Refuse a machine without Java (ENGINE-02), or with one that does not run (ENGINE-03)."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home, "bin")) if home else None)
    if java is None:
        raise TouchstoneError(
            "ENGINE-02",
            where="engine 'spark'",
            found=f"no Java in {home}" if home else "no Java on this machine",
            remedy="Install Java 17 or newer (on Debian: default-jre-headless), or take "
            "--engine duckdb, which gives the same figures.",
        )
    tried = subprocess.run([java, "-version"], check=False, capture_output=True, text=True)  # noqa: S603
    if tried.returncode:
        raise _not_started(tried.stderr.strip())


def _not_started(found: str) -> TouchstoneError:
    return TouchstoneError(
        "ENGINE-03",
        where="engine 'spark'",
        found=f"Spark did not start: {found}",
        remedy="Look whether java is version 17 or newer, and what SPARK_CONF_DIR and "
        "JAVA_HOME name; or take --engine duckdb.",
    )


def _conf(folder: Path) -> SparkConf:
    own = {} if os.environ.get(CONF_FOLDER) else ON_ONE_MACHINE
    places = {
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder} -Dderby.system.home={folder}",
    }
    return SparkConf(loadDefaults=False).setAll([*(ALWAYS | own | places).items()])


def _launch(folder: Path) -> Any:
    """Start Java with all it prints going to a file."""
    with (folder / LOG).open("wb") as log:
        return launch_gateway(_conf(folder), {"stdout": log, "stderr": log})


def _last_lines(log: Path) -> str:
    try:
        lines = log.read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return " / ".join(line.strip() for line in lines[-LOG_LINES_SHOWN:])
