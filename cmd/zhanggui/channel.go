package main

import (
	"crypto/rsa"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"

	"zhanggui/internal/wechat"
	"zhanggui/internal/wire"
)

// channelParts are the API listener's certificate, and what stands between us and the channel.
type channelParts struct {
	listener tls.Certificate
	upstream *wechat.Channel
	proof    tls.Certificate // ours on connections to the channel that want one
	v3Key    string
}

// checkChannel lists everything that stands in the way of the machine API.
func (s settings) checkChannel() error {
	_, err := s.channel()
	if u, bad := url.Parse(s.PayURL); bad != nil || u.Scheme != "https" || u.Host == "" {
		err = errors.Join(err, errors.New("ZHANGGUI_WECHAT_PAY_URL is not https://host"))
	}
	if _, _, bad := net.SplitHostPort(s.APIListen); bad != nil {
		err = errors.Join(err, fmt.Errorf("ZHANGGUI_API_LISTEN: %w", bad))
	}
	return err
}

// channel reads the keys that production names, and tells everything that is missing or weak at once.
func (s settings) channel() (channelParts, error) {
	p := channelParts{v3Key: s.V3Key, upstream: &wechat.Channel{}}
	var wrong [4]error
	p.listener, wrong[0] = loadPair("ZHANGGUI_API_TLS_CERT", s.APICert, "ZHANGGUI_API_TLS_KEY", s.APIKeyFile)
	p.upstream.Key, p.proof, wrong[1] = loadSigner("ZHANGGUI_WECHAT_CERT", s.MchCert, "ZHANGGUI_WECHAT_KEY", s.MchKey)
	p.upstream.Platform, wrong[2] = s.wechatKeys()
	if len(s.V3Key) != wire.V3KeyBytes {
		wrong[3] = errors.New("ZHANGGUI_WECHAT_V3_KEY is missing or not 32 characters")
	}
	return p, errors.Join(wrong[:]...)
}

func (s settings) wechatKeys() ([]*wire.PublicKey, error) {
	if s.WeChatKey == "" {
		return nil, errors.New("ZHANGGUI_WECHAT_PLATFORM is missing")
	}
	text, err := os.ReadFile(s.WeChatKey)
	if err != nil {
		return nil, fmt.Errorf("ZHANGGUI_WECHAT_PLATFORM: %w", err)
	}
	key, err := wire.ReadPublicKey(s.WeChatKeyID, text)
	if err != nil {
		return nil, fmt.Errorf("ZHANGGUI_WECHAT_PLATFORM, ZHANGGUI_WECHAT_PLATFORM_ID: %w", err)
	}
	return []*wire.PublicKey{key}, nil
}

// loadPair reads a certificate and its key, which must belong together.
func loadPair(certName, certFile, keyName, keyFile string) (tls.Certificate, error) {
	if certFile == "" || keyFile == "" {
		return tls.Certificate{}, fmt.Errorf("%s or %s is missing", certName, keyName)
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return pair, fmt.Errorf("%s, %s: %w", certName, keyName, err)
	}
	return pair, nil
}

// loadSigner reads a key that signs, named by its certificate's serial, and the pair as connections carry it.
func loadSigner(certName, certFile, keyName, keyFile string) (*wire.PrivateKey, tls.Certificate, error) {
	pair, err := loadPair(certName, certFile, keyName, keyFile)
	if err != nil {
		return nil, pair, err
	}
	key, _ := pair.PrivateKey.(*rsa.PrivateKey)
	signer, err := wire.NewPrivateKey(wire.Serial(pair.Leaf), key)
	if err != nil {
		return nil, pair, fmt.Errorf("%s: %w", keyName, err)
	}
	return signer, pair, nil
}

// channel are the demo's own keys: the simulated channel has a certificate of the same CA.
func (k demoKeys) channel(v3Key string) (channelParts, error) {
	ours, err := k.upstream.signer()
	theirs, bad := k.simulated.signer()
	if err := errors.Join(err, bad); err != nil {
		return channelParts{}, err
	}
	return channelParts{listener: k.api.tls(), v3Key: v3Key, proof: k.upstream.tls(),
		upstream: &wechat.Channel{Key: ours, Platform: []*wire.PublicKey{theirs.Public()}}}, nil
}

// apiTLS asks programs for a certificate; which paths insist on one, their handlers know.
func (p channelParts) apiTLS() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{p.listener}, MinVersion: tls.VersionTLS12,
		ClientAuth: tls.RequestClientCert, NextProtos: []string{"h2", "http/1.1"}}
}
