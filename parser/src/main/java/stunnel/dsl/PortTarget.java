package stunnel.dsl;

/** Ports to connect to: of {@code localhost}, if no host is named. */
public sealed interface PortTarget extends Target permits HostPorts, Ports {}
