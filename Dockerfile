# The one image: web, worker, beat and migrate are commands of it.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never \
    UV_PROJECT_ENVIRONMENT=/opt/venv PATH=/opt/venv/bin:$PATH

RUN pip install --no-cache-dir uv \
 && useradd --create-home --uid 10001 backoffice \
 && mkdir /data && chown backoffice /data

WORKDIR /app
COPY pyproject.toml .python-version ./
RUN uv sync --no-dev
COPY . .

ENV BACKOFFICE_ENV=production BACKOFFICE_HOME=/data UPLOAD_DIR=/data/uploads
RUN SECRET_KEY=while-building DATABASE_URL=postgresql:/// REDIS_URL=redis:// \
    SITE_URL=https://localhost python manage.py collectstatic --noinput

USER backoffice
EXPOSE 8000
VOLUME /data
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--no-ws", "--blocking-threads", "4", "jit_backoffice.wsgi:application"]
