package openapi

import (
	"encoding/json"
	"net/http"
)

// problem is an error of APIv3.
type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// What the rim says itself.
var (
	failed   = problem{"FAIL", "失败"}
	notThere = problem{"RESOURCE_NOT_EXISTS", "请求的资源不存在"}
	downNow  = problem{"SYSTEM_ERROR", "系统异常，请用相同参数重新请求"}
)

func say(w http.ResponseWriter, status int, p problem) {
	body, _ := json.Marshal(p) // two texts
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
