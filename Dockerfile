# syntax=docker/dockerfile:1
# One image for web, worker, beat and the one-shot that migrates: they differ only in their command (docker-compose.yml).

FROM python:3.12-slim AS packages
COPY requirements/production.txt /tmp/production.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/production.txt

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin halfway
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    STATIC_ROOT=/app/staticfiles
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY manage.py ./
COPY config config
COPY apps apps
COPY templates templates
COPY static static
# Settings refuse to load without secrets, so this step makes some and forgets them: none is kept in the image.
RUN SECRET_KEY=$(python -c "import secrets; print(secrets.token_hex(40))") \
    VAULT_KEYS=$(python -c "import base64, os; print('build:' + base64.b64encode(os.urandom(32)).decode())") \
    BASE_URL=https://build.invalid DATABASE_URL=postgres://build@build.invalid/build \
    REDIS_URL=redis://build.invalid/0 EMAIL_URL=consolemail:// \
    python manage.py collectstatic --noinput --verbosity 0
USER halfway
EXPOSE 8000
# The server answers only to its own name, so the check calls it by that.
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=4 CMD ["python", "-c", "\
import os, urllib.request as web; \
name = os.environ['BASE_URL'].split('://')[1].split('/')[0]; \
web.urlopen(web.Request('http://127.0.0.1:8000/healthz', headers={'Host': name}), timeout=5)"]
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--lifespan", "off", \
     "--ws", "none", "--no-access-log", "--no-server-header", "--no-proxy-headers", "--timeout-graceful-shutdown", "10"]
