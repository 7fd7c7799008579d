package main

import (
	"net/http"

	"zhanggui/web/openapi"
)

// api is the machine API.
func (a *app) api() (http.Handler, error) {
	return openapi.New(openapi.Deps{Notices: a.notices(), Channel: a.channel.upstream.Platform, V3Key: a.channel.v3Key, Ready: a.seeded.Load})
}

// notices says who takes which notification of the channel.
func (a *app) notices() openapi.Notices {
	return openapi.Notices{}
}
