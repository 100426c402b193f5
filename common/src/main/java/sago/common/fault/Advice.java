package sago.common.fault;

/** What whoever meets a fault should do about it. */
public enum Advice {
    /** The same bytes may be sent again over a new connection. */
    RESEND,
    /** Wait, then try again. */
    BACK_OFF,
    /** Trying again changes nothing: a person or a changed input is needed. */
    STOP
}
