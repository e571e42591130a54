# The local service in a container: docs/emulator.md, "In a container".
FROM python:3.13-slim
COPY . /source
RUN pip install --no-cache-dir '/source[cli]' && rm -rf /source && useradd --create-home emulator
USER emulator
VOLUME /home/emulator/data
EXPOSE 8443
# Asked from inside, on the control address, which never leaves the container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD \
    ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8444/health', timeout=4)"]
ENTRYPOINT ["azure-iaas", "emulator", "--host", "0.0.0.0", "--control", "8444", "--data-dir", "/home/emulator/data"]
