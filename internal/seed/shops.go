package seed

import "zhanggui/internal/money"

// shop is what a demo merchant sells, so that its orders look like a business.
type shop struct {
	merchant int64
	provider int64  // 0: a merchant of its own
	prefix   string // of its order numbers
	daily    int    // orders of an ordinary weekday
	opens    int    // hour
	closes   int    // hour, exclusive
	rate     money.Rate
	goods    []article
	types    []string // how its customers pay, the usual first
}

type article struct {
	name     string
	low, top money.Fen
}

// shops are the demo's businesses. The first has twelve months of orders, the others some weeks.
var shops = []shop{
	{1900000208, 0, "YS", 150, 7, 24, 60, []article{
		{"洗衣液 2kg×2", 3990, 6990}, {"零食礼包", 1290, 8900}, {"儿童雨靴", 4900, 8900}, {"夏凉被 1.8m", 9900, 19900},
		{"不锈钢保温杯", 3900, 9900}, {"T恤 基础款", 2900, 5900}, {"抽纸 24 包", 2590, 4590}, {"桌面收纳盒", 990, 3990},
		{"坚果混合装 750g", 5900, 12900}, {"双11 组合装", 9900, 39900}, {"USB-C 数据线", 690, 2990}, {"猫砂 10kg", 2990, 6990},
	}, []string{"APP", "JSAPI", "MWEB", "NATIVE"}},
	{1900000109, 0, "LW", 60, 8, 23, 38, []article{
		{"牛肉面", 1200, 2800}, {"牛肉面 加蛋", 1500, 3000}, {"小菜", 300, 1200}, {"扫码点餐", 1800, 12800}, {"饮料", 300, 800},
	}, []string{"JSAPI", "NATIVE", "MICROPAY"}},
	{1900000307, 0, "CG", 12, 9, 22, 100, []article{
		{"私教课", 18000, 36000}, {"月卡", 19900, 29900}, {"单次体验", 2990, 5990}, {"更衣柜租用", 1000, 3000},
	}, []string{"JSAPI", "MICROPAY", "NATIVE"}},
	{1230000101, 1230000001, "QH", 90, 9, 23, 60, []article{
		{"鲜奶茉莉", 1500, 2200}, {"芝士葡萄", 2100, 2900}, {"四季春", 900, 1400}, {"双杯套餐", 2900, 4200}, {"外卖订单", 2500, 9900},
	}, []string{"JSAPI", "NATIVE", "MICROPAY"}},
	{1230000102, 1230000001, "XM", 35, 9, 22, 60, []article{
		{"小说", 2900, 6900}, {"绘本", 3500, 9800}, {"文具套装", 1500, 4500}, {"咖啡", 1600, 3200},
	}, []string{"JSAPI", "NATIVE"}},
	{1230000103, 1230000001, "SH", 110, 6, 24, 38, []article{
		{"早餐组合", 800, 2200}, {"矿泉水", 200, 1200}, {"便当", 1500, 3200}, {"日用品", 600, 5900}, {"零食", 500, 4500},
	}, []string{"MICROPAY", "JSAPI", "MWEB"}},
}
