"""Clusters: two nodes of Ray, a Spark master with two workers, all on this machine, joined by their addresses."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tasks_of_the_tests import Mortal, node, squared

from allegedly.builders.engines._lookup import started

pytestmark = pytest.mark.slow
MEMORY = 1 << 30


def holds_the_contract(engine, folder):
    """Order, and a process that dies."""
    assert list(engine.map(squared, range(100), work=folder)) == [(number, number * number) for number in range(100)]
    assert list(engine.map(Mortal(str(folder), times=1), range(8), work=folder)) == list(range(8))
    assert (folder / "runs").read_text() == ".."


@pytest.fixture
def ray_cluster(require_engine):
    """The address of a head with one more node, a processor each."""
    require_engine("ray")
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": 80 << 20})
    try:
        cluster.add_node(num_cpus=1, object_store_memory=80 << 20)
        yield f"ray://{cluster.address}"
    finally:
        cluster.shutdown()


def test_ray_joins_a_cluster_of_two_nodes(ray_cluster, tmp_path):
    with started(ray_cluster, workers=2, memory=MEMORY) as engine:
        holds_the_contract(engine, tmp_path)
        assert len(set(engine.map(node, range(20), work=tmp_path))) == 2


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def spark_cluster(require_engine, tmp_path):
    """The address of a standalone master with two workers, a processor each, on the loopback."""
    require_engine("spark")
    import pyspark

    home = Path(pyspark.__file__).parent
    port = free_port()
    environment = os.environ | {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOG_DIR": str(tmp_path),
        "SPARK_MASTER_OPTS": "-Dspark.ui.enabled=false",
        "PYSPARK_PYTHON": sys.executable,
    }
    address = f"spark://127.0.0.1:{port}"
    ports = ["--host", "127.0.0.1", "--webui-port", "0"]
    master = [*ports, "--port", str(port)]
    worker = [*ports, "--cores", "1", "--memory", "600m", "--work-dir", str(tmp_path / "work"), address]
    processes = []
    try:
        with (tmp_path / "cluster.log").open("wb") as log:
            for kind, arguments in (("master.Master", master), ("worker.Worker", worker), ("worker.Worker", worker)):
                command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{kind}", *arguments]
                processes.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
                if kind == "master.Master":
                    wait_for(lambda: listens(port))
        wait_for(lambda: (tmp_path / "cluster.log").read_text().count("Successfully registered with master") == 2)
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait()


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "the cluster did not come up"
        time.sleep(0.1)


def test_spark_joins_a_master_with_two_workers(spark_cluster, tmp_path):
    with started(spark_cluster, workers=2, memory=MEMORY) as engine:
        holds_the_contract(engine, tmp_path)
        assert len(set(engine.map(node, range(20), work=tmp_path))) == 2
