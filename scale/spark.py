"""A batch by Spark: every partition of the lines is piped through the native command, and the result lines come back.

    spark-submit scale/spark.py REPORTS.ndjson OUT RESULTS.ndjson [--gongwen PATH] [--partitions N]

The folder OUT is one that all workers see. A partition that is tried again finds what it made before (--resume).
"""

import argparse
import json
import shlex

from pyspark.sql import SparkSession


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("reports")
    arguments.add_argument("out")
    arguments.add_argument("results")
    arguments.add_argument("--gongwen", default="gongwen")
    arguments.add_argument("--partitions", type=int, default=8)
    given = arguments.parse_args()
    spark = SparkSession.builder.appName("gongwen").getOrCreate()
    # Names by content: a line has another number in its partition than in the whole.
    command = [given.gongwen, "batch", "-", "-o", given.out, "--name", "{prefix}/{year}{issuer}", "--resume", "-j", "1", "-q"]
    # A report that fails ends the command with 1, which would fail the partition: what failed is in its results.
    shell = shlex.join(command) + "; test $? -le 1"
    lines = spark.sparkContext.textFile(given.reports, given.partitions)
    results = lines.pipe(f"sh -c {shlex.quote(shell)}", checkCode=True).collect()
    with open(given.results, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in results)
    made = [json.loads(line)["status"] for line in results]
    print(f"{len(made)} reports, {made.count('failed')} failed")
    spark.stop()


if __name__ == "__main__":
    main()
