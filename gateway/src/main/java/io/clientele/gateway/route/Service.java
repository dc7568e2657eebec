package io.clientele.gateway.route;

/**
 * A service behind the gateway.
 *
 * @param name as the table has it
 * @param host of its address
 * @param port of its address
 * @param secure true: TLS
 */
public record Service(String name, String host, int port, boolean secure) {
    /** Its base address, without a slash at the end. */
    public String address() {
        return (secure ? "https://" : "http://") + host + ":" + port;
    }
}
