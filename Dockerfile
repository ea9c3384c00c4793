# oxyshell with FEniCSx, for machines without Linux:
#   docker build -t oxyshell .
#   docker run --rm -v "$PWD:/work" oxyshell run FILE
# On Linux add --user "$(id -u):$(id -g)", so that results belong to the caller.
FROM python:3.13-slim-trixie

# FFCx compiles the equations with the C compiler, on first use.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*

COPY . /source
RUN python -m pip install --no-cache-dir "/source[fenicsx,studies]" && rm -r /source

# The cache of compiled equations and Matplotlib's are writable for any user that --user names.
ENV XDG_CACHE_HOME=/cache MPLCONFIGDIR=/cache/matplotlib
RUN useradd --create-home --uid 1000 oxyshell && mkdir -m 1777 /cache
USER 1000
WORKDIR /work
ENTRYPOINT ["oxyshell"]
CMD ["--help"]
