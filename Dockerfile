# The service for a container engine: page and packages are built apart, so that the result holds neither Node nor pip.

FROM node:22-slim AS page
WORKDIR /page
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim AS packages
RUN python -m venv /venv
COPY requirements/run.txt /run.txt
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement /run.txt

FROM python:3.11-slim
# What the pictures of shared links are lettered with; any version of it serves.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-droid-fallback \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 guatu \
    && useradd --uid 10001 --gid guatu --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin guatu
WORKDIR /guatu
COPY --from=packages /venv /venv
COPY app app
COPY geodata geodata
COPY migrations migrations
COPY --from=page /page/dist frontend/dist
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    GUATU_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["python", "-m", "app.cli", "serve"]
