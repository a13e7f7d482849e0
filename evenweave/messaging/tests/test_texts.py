"""The gateway for texts asks in the shape the installation names, against a peer on this machine."""

import json
from urllib.parse import parse_qs

import pytest

from evenweave.messaging.sms import gateway
from evenweave.messaging.tests.peer import peer

KHMER = "លេខកូដ 123456 & <b>"


@pytest.fixture
def gate(settings):
    with peer() as kept:
        settings.SMS = settings.SMS | {"URL": kept.url, "FROM": "+855999"}
        yield kept


def send():
    gateway.send(to="+85512345678", text=KHMER, key="code:abc")


def test_a_form_as_rapidpro_sends_it(gate):
    send()
    (method, path, headers, body), = gate.asked
    said = {name: values[0] for name, values in parse_qs(body).items()}
    assert (method, path, headers["Content-Type"]) == ("POST", "/send", "application/x-www-form-urlencoded")
    assert (said["to"], said["text"], said["from"]) == ("+85512345678", KHMER, "+855999")
    assert len(said["id"]) == 32


def test_the_same_message_has_the_same_id(gate):
    send()
    send()
    first, second = (parse_qs(body)["id"] for _m, _p, _h, body in gate.asked)
    assert first == second


def test_a_json_body_with_headers_and_an_answer_that_must_say_so(gate, settings):
    settings.SMS |= {"TYPE": "json", "BODY": '{"n": {{to_no_plus}}, "t": {{text}}}', "HEADERS": '{"X-Key": "k"}',
                     "ANSWER": "accepted"}
    gate.answer = '{"status": "accepted"}'
    send()
    _method, _path, headers, body = gate.asked[0]
    assert json.loads(body) == {"n": "85512345678", "t": KHMER}
    assert (headers["X-Key"], headers["Content-Type"]) == ("k", "application/json")
    gate.answer = '{"status": "no credit"}'
    with pytest.raises(gateway.NotSentError):
        send()


def test_an_xml_body_is_escaped(gate, settings):
    settings.SMS |= {"TYPE": "xml", "BODY": "<m>{{text}}</m>"}
    send()
    assert gate.asked[0][3] == "<m>លេខកូដ 123456 &amp; &lt;b&gt;</m>"


def test_a_get_carries_everything_in_the_address(gate, settings):
    settings.SMS |= {"METHOD": "GET", "URL": gate.url + "?to={{to}}&text={{text}}"}
    send()
    method, path, _headers, body = gate.asked[0]
    said = parse_qs(path.partition("?")[2])
    assert (method, body, said["to"], said["text"]) == ("GET", "", ["+85512345678"], [KHMER])


@pytest.mark.parametrize("status", [400, 401, 500, 503])
def test_what_is_not_taken_is_said_without_the_number_or_the_text(gate, status):
    gate.status = status
    with pytest.raises(gateway.NotSentError) as caught:
        send()
    assert str(caught.value) == f"the gateway answered {status}"


def test_a_gateway_that_is_gone_is_said(settings):
    settings.SMS |= {"URL": "http://127.0.0.1:9/send?key=secret"}
    with pytest.raises(gateway.NotSentError) as caught:
        send()
    assert "secret" not in str(caught.value)
    settings.SMS |= {"URL": "file:///etc/passwd"}
    with pytest.raises(gateway.NotSentError):
        send()


def test_there_is_none_unless_it_is_named(settings):
    settings.SMS |= {"URL": ""}
    assert not gateway.is_there()
