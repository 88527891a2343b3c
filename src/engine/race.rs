//! Waiting for whichever comes first.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

/// Which of two futures was ready first.
pub(super) enum Either<A, B> {
    Left(A),
    Right(B),
}

/// Waits for the first of two futures and drops the other; if both are ready, the left one wins.
pub(super) async fn race<A, B>(left: impl Future<Output = A>, right: impl Future<Output = B>) -> Either<A, B> {
    let (mut left, mut right) = (pin!(left), pin!(right));
    poll_fn(|context| {
        if let Poll::Ready(value) = left.as_mut().poll(context) {
            return Poll::Ready(Either::Left(value));
        }
        right.as_mut().poll(context).map(Either::Right)
    })
    .await
}
