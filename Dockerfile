# Two stages: one builds assets and the static binary, the other holds nothing else. `make check`
# proves the second without an engine, by running the binary in an empty root as the same user.
FROM node:20-bookworm-slim AS assets
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY static static
COPY views views
RUN node static/build.mjs

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
ENV CGO_ENABLED=0 GOFLAGS=-mod=readonly
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=assets /src/static/dist static/dist
RUN go build -trimpath -ldflags '-s -w' -o /zhanggui ./cmd/zhanggui

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /zhanggui /zhanggui
USER 65532:65532
ENV ZHANGGUI_LISTEN=0.0.0.0:8080 ZHANGGUI_API_LISTEN=0.0.0.0:8443
EXPOSE 8080 8443
ENTRYPOINT ["/zhanggui"]
CMD ["serve"]
