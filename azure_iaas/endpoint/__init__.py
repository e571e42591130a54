"""The service's side of the wire, without any state: what any implementation of the service stands behind.

From the socket inwards:

=======================  ==========================================================================
``server``, ``tls``      HTTP/1.1 over mutual TLS; ``certificates`` makes the files it needs
``memory``               the same without sockets; ``http_framing`` is what both agree on
``injected_faults``      what networks and proxies do; each of the two drivers above shows all of them
``fault_files``          the same as plain data, in YAML and JSON
``front_end``            faults, last resorts, the headers every answer has, and the log of requests
``request_log``          what was asked, for assertions and as lines
``control``              what the control address answers; ``control_server`` keeps pages out of it
``loopback_server``      plain HTTP for this machine alone
``backend``              the seam: a `Backend` answers requests, and knows nothing of what is above
``routes``               which operation a request asks for
``contracts``            reads a request's document; ``documents`` reads and writes XML and JSON
``versions``             which elements an ``x-ms-version`` shows
``refusals``             every error document, with its wording
``answer``               what an operation answers, and its way to bytes
=======================  ==========================================================================

``azure_iaas.emulator`` is one backend: a simulated subscription. This package knows nothing of it, nor of the
client: it imports `azure_iaas.errors` and `azure_iaas.wire.messages`, so that a mistake made on one side of
the wire can't pass on the other.
"""
