package io.crossfade.server.compress;

/**
 * The numbers on the leg to MySQL, where the proxy is the client: a command is counted from 0, and
 * what the client sends in the middle of a dialogue from after what it heard last.
 */
final class ClientNumbering implements Numbering {
  private int lastReceived = -1;
  private int lastSequence = -1;
  private boolean heard;

  @Override
  public void received(int number) {
    lastReceived = number;
    heard = true;
  }

  @Override
  public int receiving(int sequence, boolean continuation) {
    return sequence;
  }

  @Override
  public void receivingPayload(int first) {}

  @Override
  public void receivedPacket(boolean continues) {}

  @Override
  public int sending(int sequence, boolean continuation) {
    boolean wrapped = lastSequence == 0xFF && !heard;
    int from = -1;
    if (!continuation && sequence == 0 && !wrapped) {
      from = 0;
    } else if (!continuation && heard) {
      from = (lastReceived + 1) & 0xFF;
    }
    if (from >= 0) {
      heard = false;
    }
    lastSequence = sequence;
    return from;
  }

  @Override
  public void sent(int number) {}
}
