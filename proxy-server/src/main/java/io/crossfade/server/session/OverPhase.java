package io.crossfade.server.session;

import io.netty.buffer.ByteBuf;

/** After the end: whatever still arrives is dropped. */
final class OverPhase implements Phase {
  @Override
  public void onClient(ByteBuf in) {
    in.release();
  }

  @Override
  public void onServer(ByteBuf in) {
    in.release();
  }

  @Override
  public boolean wantsClient() {
    return false;
  }

  @Override
  public boolean idle() {
    return true;
  }

  @Override
  public void end() {}
}
