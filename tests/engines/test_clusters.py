"""Clusters: two nodes of Ray, a Spark master with two workers, all on this machine, joined by their addresses."""

import hashlib
import importlib.util
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


@pytest.fixture(scope="module", params=["generated", "bbc-raw", "html-trafilatura"])
def news(request, root, tmp_path_factory):
    """Twenty thousand generated articles, with copies and near duplicates among them; corpora, where they are there."""
    if request.param != "generated":
        corpus = root.parent / "shared" / "corpora" / request.param
        if not corpus.is_dir():
            pytest.skip(f"the corpus {request.param} is not beside the repository")
        return corpus
    spec = importlib.util.spec_from_file_location("scale", root / "bench" / "scale.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["scale"] = module
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("generated") / "news"
    module.write(folder, 20_000)
    return folder


def release(news, folder, *flags, backwards=False):
    """Path and hash of every file of a release built from the command line. ``backwards``: its inputs in another order."""
    out = folder / "release"
    command = [sys.executable, "-m", "allegedly", "build", "--out", str(out), "--duplicates", "drop-near"]
    # generated articles are many, and labelling is the same task for all
    command += ["--labellers", "none" if news.name == "news" else "rules"]
    sources = [str(news)]
    if backwards:
        # a file keeps the longest name that it is reached by
        sources = [*(str(path) for path in sorted(news.rglob("*"), reverse=True) if path.is_file()), str(news)]
    subprocess.run([*command, *flags, "--name", "same", *sources], capture_output=True, text=True, check=True)
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def expected(news, tmp_path_factory):
    """The release that one process makes."""
    made = release(news, tmp_path_factory.mktemp("local"), "--workers", "1")
    assert "data/articles/train-00000-of-00001.parquet" in made
    return made


@pytest.mark.parametrize("workers", ["2", "4"])
def test_more_processes_make_the_same_release(workers, news, expected, tmp_path):
    assert release(news, tmp_path, "--workers", workers) == expected


def test_inputs_in_another_order_make_the_same_release(news, expected, tmp_path):
    assert release(news, tmp_path, "--workers", "2", backwards=True) == expected


@pytest.mark.parametrize("name", ["ray", "spark"])
def test_a_cluster_makes_the_same_release(name, news, expected, request, tmp_path):
    address = request.getfixturevalue(f"{name}_cluster")
    assert release(news, tmp_path, "--engine", address, "--work", str(tmp_path)) == expected


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
