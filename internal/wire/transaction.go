package wire

// Transaction is an order as APIv3 tells it, in notifications and to queries: of a merchant with mchid,
// or of a service provider's sub-merchant with the sp_ and sub_ names. Amounts are fen.
type Transaction struct {
	AppID          string            `json:"appid,omitempty"`
	MchID          string            `json:"mchid,omitempty"`
	SPAppID        string            `json:"sp_appid,omitempty"`
	SPMchID        string            `json:"sp_mchid,omitempty"`
	SubAppID       string            `json:"sub_appid,omitempty"`
	SubMchID       string            `json:"sub_mchid,omitempty"`
	OutTradeNo     string            `json:"out_trade_no"`
	TransactionID  string            `json:"transaction_id"`
	TradeType      string            `json:"trade_type"`
	TradeState     string            `json:"trade_state"`
	TradeStateDesc string            `json:"trade_state_desc"`
	BankType       string            `json:"bank_type"`
	Attach         string            `json:"attach,omitempty"`
	SuccessTime    string            `json:"success_time"`
	Payer          Payer             `json:"payer"`
	Amount         TransactionAmount `json:"amount"`
	SceneInfo      *SceneInfo        `json:"scene_info,omitempty"`
	Promotions     []Promotion       `json:"promotion_detail,omitempty"`
}

// Payer is who paid, by the merchant's or the provider's official account.
type Payer struct {
	OpenID    string `json:"openid,omitempty"`
	SPOpenID  string `json:"sp_openid,omitempty"`
	SubOpenID string `json:"sub_openid,omitempty"`
}

// TransactionAmount is what an order cost, and what of it the payer paid.
type TransactionAmount struct {
	Total         int64  `json:"total"`
	PayerTotal    int64  `json:"payer_total"`
	Currency      string `json:"currency"`
	PayerCurrency string `json:"payer_currency"`
}

// SceneInfo is where it was paid.
type SceneInfo struct {
	DeviceID string `json:"device_id"`
}

// Kinds of promotions: one that somebody paid for beforehand, and one that lowers what the merchant gets.
const (
	PromotionCash   = "CASH"
	PromotionNoCash = "NOCASH"
)

// Promotion is a coupon used in an order.
type Promotion struct {
	CouponID            string `json:"coupon_id"`
	Name                string `json:"name,omitempty"`
	Scope               string `json:"scope,omitempty"`
	Type                string `json:"type,omitempty"`
	Amount              int64  `json:"amount"`
	StockID             string `json:"stock_id,omitempty"`
	WechatpayContribute int64  `json:"wechatpay_contribute,omitempty"`
	MerchantContribute  int64  `json:"merchant_contribute,omitempty"`
	OtherContribute     int64  `json:"other_contribute,omitempty"`
	Currency            string `json:"currency,omitempty"`
}
