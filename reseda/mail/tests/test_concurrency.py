"""Several workers at once, on a real database: a message is taken by one of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from reseda.mail import actions
from reseda.mail.models import OutgoingMail
from reseda.mail.tests.factories import VISIT


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_takes_the_message():
    mail = actions.send(
        VISIT.code,
        to="a@example.org",
        organisation=None,
        context={"name": "C", "address": "https://reseda.example/"},
    )

    def take(_):
        try:
            return actions.take(str(mail.pk)) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        taken = list(workers.map(take, range(8)))
    assert taken.count(True) == 1
    assert OutgoingMail.objects.get().attempts == 1
