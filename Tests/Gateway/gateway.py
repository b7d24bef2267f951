"""What stands before a server of this machine, for tests: TLS, or a proxy. Listens on 127.0.0.1.

    gateway.py tls CERTIFICATE KEY PORT     takes TLS off and goes on to PORT
    gateway.py proxy PORT [STATUS]          a proxy that goes on to PORT whatever host it is asked for,
                                            or refuses with STATUS

Prints its port, then the first line of each request to the proxy. Ends with its standard input.
"""

import os

# Of a parent with many threads, whose files may be open here: connections, and the inputs of others.
os.closerange(3, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 65536 else 65536)

import socket
import ssl
import sys
import threading


def copy(source, target):
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def join(client, port, first=b""):
    """Connects a client with a port until one of both ends."""
    with socket.create_connection(("127.0.0.1", port)) as server:
        server.sendall(first)
        threading.Thread(target=copy, args=(server, client), daemon=True).start()
        copy(client, server)


def uncover(client, context, port):
    with context.wrap_socket(client, server_side=True) as plain:
        join(plain, port)


def mediate(client, port, status):
    head = b""
    while b"\r\n\r\n" not in head:
        if not (data := client.recv(1 << 16)):
            return
        head += data
    line = head.split(b"\r\n")[0].decode()
    print(line, flush=True)
    if status:
        client.sendall(f"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\n\r\n".encode())
    elif line.startswith("CONNECT "):
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        join(client, port)
    else:
        join(client, port, head)


def serve(client, body, *arguments):
    with client:
        try:
            body(client, *arguments)
        except OSError:
            pass


def main(kind, *arguments):
    if kind == "tls":
        certificate, key, port = arguments
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        body = (uncover, context, int(port))
    else:
        port, status = (*arguments, "0")[:2]
        body = (mediate, int(port), int(status))
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    # Ends with whoever started it.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, *body), daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
