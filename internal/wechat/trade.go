package wechat

import (
	"context"
	"net/http"
	"net/url"

	"zhanggui/internal/wire"
)

// QueryTrade asks the channel for one order by its transaction number: of a merchant, or of a provider's
// sub-merchant, which is empty for others.
func (c *Client) QueryTrade(ctx context.Context, transactionID, mchid, subMchID string) (wire.Transaction, error) {
	path, asked := "/v3/pay/transactions/id/", url.Values{"mchid": {mchid}}
	if subMchID != "" {
		path, asked = "/v3/pay/partner/transactions/id/", url.Values{"sp_mchid": {mchid}, "sub_mchid": {subMchID}}
	}
	var t wire.Transaction
	err := c.Call(ctx, http.MethodGet, path+url.PathEscape(transactionID)+"?"+asked.Encode(), nil, &t)
	if err == nil && t.TransactionID != transactionID {
		err = odd(called(path), "another order than asked")
	}
	return t, err
}
