"""The drill: a backup is taken, mail goes out, the backup is read in again. No second wave (fault 22)."""

import subprocess
from pathlib import Path

import pytest

from tests.faults.post_office import PostOffice

pytestmark = pytest.mark.faults


def run(office: PostOffice, program: str, *arguments: str) -> None:
    url = office.postgres.url
    subprocess.run([office.postgres.binaries / program, *arguments, url], check=True, capture_output=True)


@pytest.mark.full
@pytest.mark.timeout(300)
def test_a_restored_backup_sends_no_second_wave(tmp_path: Path) -> None:
    with PostOffice(tmp_path, workers=2) as office:
        dump = tmp_path / "halfway.dump"
        office.post(40)
        office.sql("UPDATE outbox_letter SET due_at = now() + interval '1 day'")
        office.start()
        office.wait(lambda: office.sql("SELECT 1 FROM outbox_place"), seconds=60, what="a first look")
        office.sql("UPDATE outbox_letter SET due_at = now() + interval '3 s'")
        run(office, "pg_dump", "--format", "custom", "--file", str(dump), "--dbname")
        office.wait_until_sent(40)

        for worker in office.workers:
            worker.stop()
        run(office, "pg_restore", "--clean", "--if-exists", str(dump), "--dbname")
        assert office.open_letters() == 40
        for worker in office.workers:
            worker.start()
        office.wait(
            lambda: office.sql("SELECT count(*) FROM outbox_letter WHERE doubtful") == [(40,)],
            seconds=60,
            what="the restore is noticed",
        )
        office.post(5)  # what comes after goes as ever
        office.wait_for_mails(45)
        assert office.counting.doubled == 0
        assert office.manage("outbox_restored") == (
            "Letters that were due before a restore: about 40, waiting for --send or --drop.\n"
        )
        office.manage("outbox_restored", "--drop")
        office.wait_until_settled()
        assert office.counting.doubled == 0
