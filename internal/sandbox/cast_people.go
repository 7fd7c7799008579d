package sandbox

import "zhanggui/internal/identity"

// Persons are the people of the demo. Names are invented; ID numbers have a right check digit but a
// county that does not exist; nobody has these telephone numbers. The last four are customers: they
// work for nobody, one of them is not verified at WeChat, one does not follow the official account. The
// three before them run the platform.
var Persons = []Person{
	{"p-chenyuanhang", "陈远航", "远航", identity.IDCard, "440399198403121170", "19800004021", true, true},
	{"p-zhengxiaolan", "郑晓岚", "小岚", identity.IDCard, "440399199007252261", "19800005258", true, true},
	{"p-xujing", "许静", "静静", identity.IDCard, "440399199201183482", "19800006495", true, true},
	{"p-fangzijin", "方子衿", "青青子衿", identity.IDCard, "350299199310091643", "19800007732", true, true},
	{"p-qinlang", "秦朗", "朗月", identity.IDCard, "440399199506302155", "19800008969", true, true},
	{"p-bailu", "白露", "白露为霜", identity.IDCard, "440399199612043820", "19800000206", true, true},
	{"p-lisiwen", "李思文", "思文", identity.IDCard, "440399198705191334", "19800001443", true, true},
	{"p-chenjing", "陈静", "静听", identity.IDCard, "440399199108212461", "19800002680", true, true},
	{"p-gaoyuan", "高远", "天高地远", identity.IDCard, "440399199402061713", "19800003917", true, true},
	{"p-wuxiaomin", "吴晓敏", "敏敏", identity.IDCard, "440399199704152880", "19800005154", true, true},
	{"p-linzhixia", "林知夏", "知夏", identity.IDCard, "330199198609073227", "19800006391", true, true},
	{"p-liangyu", "梁煜", "老梁算账", identity.IDCard, "330199197911231551", "19800007628", true, true},
	{"p-jiangxue", "江雪", "独钓", identity.IDCard, "330199199803172047", "19800008865", true, true},
	{"p-hedashan", "何大山", "大山", identity.IDCard, "35029919810628198X", "19800000102", true, true},
	{"p-shilei", "石磊", "三块石头", identity.IDCard, "350299199511111372", "19800001339", true, true},
	{"p-wangjianguo", "王建国", "老王", identity.IDCard, "620199197402031198", "19800002576", true, true},
	{"p-wangxiaoyan", "王小燕", "小燕子", identity.IDCard, "620199199908052665", "19800003813", true, true},
	{"p-sumingyue", "苏明月", "明月", identity.IDCard, "310199198504162641", "19800005050", true, true},
	{"p-hejingyi", "何静怡", "静怡", identity.HKMacaoPermit, "H09873321", "19800006287", true, true},
	{"p-luowenbo", "罗文博", "文博", identity.IDCard, "310199199312171919", "19800007524", true, true},
	{"p-marui", "马睿", "睿", identity.IDCard, "310199199203041533", "19800008761", true, true},
	{"p-guoting", "郭婷", "婷婷", identity.Passport, "EK0921187", "19800009998", true, true},
	{"p-tangyue", "唐悦", "悦悦", identity.IDCard, "31019919980809286X", "19800001235", true, true},
	{"p-xieanran", "谢安然", "安然", identity.TaiwanPermit, "08739914", "19800002472", true, true},
	{"p-hejun", "何俊", "俊", identity.IDCard, "310199199001011758", "19800003709", true, true},
	{"p-zhouchenguang", "周晨光", "晨光", identity.IDCard, "510199198307201397", "19800004946", true, true},
	{"p-sunqian", "孙倩", "倩倩", identity.IDCard, "510199199111302289", "19800006183", true, true},
	{"p-dingyi", "丁一", "丁一", identity.IDCard, "510199199702221579", "19800007420", true, true},
	{"p-huojianping", "霍建平", "建平", identity.IDCard, "110199197809061313", "19800003605", true, true},
	{"p-nieyun", "聂云", "云卷", identity.IDCard, "110199198403152623", "19800004842", true, true},
	{"p-yaomeng", "姚梦", "梦梦", identity.IDCard, "110199199311281844", "19800006079", true, true},
	{"p-zhangmin", "张敏", "敏", identity.IDCard, "440399198808082464", "19800008657", true, true},
	{"p-lihua", "李华", "李华", identity.IDCard, "330199200006061139", "19800009894", true, true},
	{"p-zhaoyi", "赵毅", "毅", identity.IDCard, "310199200109091310", "19800001131", false, true},
	{"p-qianduo", "钱多", "多多", identity.IDCard, "510199200202142597", "19800002368", true, false},
}
