//! The workflow's machine against a service by chance: answers are lost, runs end anywhere and go on from the state that was
//! kept, cards are taken by others. Whatever happens: one request, nothing validated or approved twice, the intent kept before
//! each call that changes something.

use fastrand::Rng;
use videoid::ErrorCode;
use videoid::model::{RequestPk, Status};
use videoid::workflow::{Action, CallKind, Event, Goal, Machine, Seen};

/// What the service knows.
#[derive(Default)]
struct Service {
    card: u32,
    request: Option<(String, Status)>,
    evidence: bool,
    video: bool,
    refused: bool,
    one_step: bool,
    created: u32,
    validated: u32,
    approved: u32,
    refusals: u32,
    /// A create call that is still on its way.
    late: Option<String>,
}

impl Service {
    /// A create call that was taken for lost arrives after all.
    fn arrive(&mut self) {
        if let Some(sn) = self.late.take()
            && sn == self.card.to_string()
        {
            self.card += 1;
            self.created += 1;
            self.request = Some((sn, Status::VideoPending));
        }
    }

    fn seen(&self) -> Option<Seen> {
        let (_, status) = self.request.as_ref()?;
        let request: videoid::model::Request = serde_json::from_value(serde_json::json!({
            "pk": 1, "status": status,
            "videoid_data": {
                "pk": 7, "video_identifier": "v", "status": if self.refused { "REFUSED" } else { "PENDING" },
                "data": {"images": if self.evidence { serde_json::json!({"document_front": "xxxx"}) } else { serde_json::json!({}) }},
            },
        }))
        .expect("the form of a request");
        Some(Seen::from(&request))
    }

    fn piece(&mut self) {
        if let Some((_, status)) = &mut self.request {
            *status = if self.evidence && self.video { Status::VideoReview } else { Status::VideoIncomplete };
        }
    }

    fn status(&mut self, status: Status) {
        if let Some(request) = &mut self.request {
            request.1 = status;
        }
    }

    /// Carries a call out and gives the event that its answer would be.
    fn call(&mut self, call: CallKind, rng: &mut Rng) -> Event {
        match call {
            CallKind::TakeCard => Event::Card(self.card.to_string().into()),
            CallKind::Create(sn) => {
                self.arrive();
                if rng.u8(..4) == 0 || sn.as_str() != self.card.to_string() {
                    self.card += 1;
                    return Event::CardRefused;
                }
                self.card += 1;
                self.created += 1;
                self.request = Some((sn.0, Status::VideoPending));
                Event::Request(self.seen().expect("it was created"))
            }
            CallKind::FindByCard(sn) => match &self.request {
                Some((own, _)) if *own == sn.0 => Event::Request(self.seen().expect("it is there")),
                _ if sn.as_str() != self.card.to_string() => Event::CardRefused,
                _ => Event::NoRequest,
            },
            CallKind::Read(RequestPk(pk)) => {
                assert_eq!(pk, 1);
                Event::Request(self.seen().expect("it is there"))
            }
            CallKind::UploadEvidence(_) => {
                self.evidence = true;
                self.piece();
                Event::EvidenceUploaded
            }
            CallKind::UploadVideo(_) => {
                self.video = true;
                self.piece();
                Event::VideoUploaded
            }
            CallKind::Validate(_) => {
                self.validated += 1;
                self.status(if self.one_step { Status::EnrollReady } else { Status::Created });
                Event::Validated
            }
            CallKind::ReadPapers(_) => Event::PapersRead,
            CallKind::Approve(_) => {
                self.approved += 1;
                self.status(Status::EnrollReady);
                Event::Approved
            }
            CallKind::Refuse(_) => {
                self.refusals += 1;
                self.refused = true;
                Event::Refused
            }
            other => panic!("a call that the test does not know: {other:?}"),
        }
    }
}

fn changes_something(call: &CallKind) -> bool {
    !matches!(call, CallKind::TakeCard | CallKind::FindByCard(_) | CallKind::Read(_) | CallKind::ReadPapers(_))
}

/// Runs to a goal; the run may end anywhere, and then goes on from the last state that was kept.
fn reach(goal: Goal, service: &mut Service, kept: &mut String, rng: &mut Rng) {
    for _ in 0..500 {
        let mut machine = Machine::from_json(kept).expect("the state is read");
        let mut persisted = false;
        let mut action = machine.advance(Event::Begin(goal)).expect("the goal fits");
        for _ in 0..100 {
            // The program may end at any moment.
            if rng.u8(..12) == 0 {
                break;
            }
            let event = match action {
                Action::Done => return,
                Action::Persist => {
                    *kept = machine.to_json();
                    persisted = true;
                    Event::Persisted
                }
                Action::Wait => Event::Waited,
                Action::Call(call) => {
                    assert!(persisted || !changes_something(&call), "{call:?} without its intent kept");
                    persisted = false;
                    // The call may be lost on its way.
                    if rng.u8(..10) == 0 {
                        if let CallKind::Create(sn) = call {
                            service.late = Some(sn.0).filter(|_| rng.bool());
                        }
                        break;
                    }
                    let event = service.call(call, rng);
                    // Or its answer.
                    if rng.u8(..8) == 0 {
                        break;
                    }
                    event
                }
                other => panic!("an action that the test does not know: {other:?}"),
            };
            action = machine.advance(event).expect("the service does nothing unheard of");
        }
    }
    panic!("the goal {goal:?} was not reached");
}

#[test]
fn nothing_is_done_twice_whatever_is_lost() {
    for seed in 0..3000 {
        let mut rng = Rng::with_seed(seed);
        let mut service = Service { one_step: rng.bool(), ..Service::default() };
        let mut kept = Machine::new().to_json();
        reach(Goal::Review, &mut service, &mut kept, &mut rng);
        assert_eq!(service.request.as_ref().map(|r| &r.1), Some(&Status::VideoReview), "seed {seed}");
        if rng.u8(..4) == 0 {
            reach(Goal::Refused, &mut service, &mut kept, &mut rng);
            assert_eq!((service.refused, service.refusals, service.validated), (true, 1, 0), "seed {seed}");
        } else {
            if rng.bool() {
                reach(Goal::Validated, &mut service, &mut kept, &mut rng);
            }
            reach(Goal::Approved, &mut service, &mut kept, &mut rng);
            assert_eq!(service.request.as_ref().map(|r| &r.1), Some(&Status::EnrollReady), "seed {seed}");
            assert_eq!((service.validated, service.approved), (1, u32::from(!service.one_step)), "seed {seed}");
        }
        assert_eq!(service.created, 1, "seed {seed}");
    }
}

#[test]
fn the_state_says_nothing_but_ids_steps_and_digests() {
    let mut rng = Rng::with_seed(7);
    let mut service = Service::default();
    let mut kept = Machine::new().to_json();
    reach(Goal::Review, &mut service, &mut kept, &mut rng);
    let state: serde_json::Value = serde_json::from_str(&kept).expect("JSON");
    let known = [
        "format",
        "flow",
        "goal",
        "scratchcard",
        "cards_lost",
        "request_pk",
        "videoid_pk",
        "video_identifier",
        "status",
        "videoid_status",
        "evidence_uploaded",
        "video_uploaded",
        "validated",
        "papers_read",
        "intent",
        "approved",
        "create_again",
        "evidence_sha256",
        "video_sha256",
    ];
    for key in state.as_object().expect("an object").keys() {
        assert!(known.contains(&key.as_str()), "{key} is new in the state: is it personal?");
    }
}

#[test]
fn states_that_lead_nowhere_are_said() {
    let at = |status: Status, goal: Goal| {
        let mut machine = Machine::new();
        machine.advance(Event::Begin(Goal::Review)).expect("it begins");
        let request = serde_json::from_value(serde_json::json!({"pk": 1, "status": status})).expect("the form of a request");
        let mut state: serde_json::Value = serde_json::from_str(&machine.to_json()).expect("JSON");
        state["request_pk"] = 1.into();
        let mut machine = Machine::from_json(&state.to_string()).expect("a state");
        machine.advance(Event::Begin(goal)).expect("it looks at the request");
        machine.advance(Event::Request(Seen::from(&request))).map_err(|e| e.code())
    };
    for (status, goal) in [
        (Status::Cancelled, Goal::Review),
        (Status::Cancelled, Goal::Approved),
        (Status::VideoPending, Goal::Validated),
        (Status::VideoIncomplete, Goal::Approved),
        (Status::EnrollReady, Goal::Refused),
        (Status::Other("VIDEOUPSIDEDOWN".into()), Goal::Review),
        (Status::Other("VIDEOUPSIDEDOWN".into()), Goal::Approved),
    ] {
        assert_eq!(at(status.clone(), goal), Err(ErrorCode::UnexpectedStatus), "{status} {goal:?}");
    }
    for (status, goal) in [(Status::Issued, Goal::Review), (Status::EnrollReady, Goal::Validated), (Status::Issued, Goal::Approved)] {
        assert_eq!(at(status.clone(), goal), Ok(Action::Done), "{status} {goal:?}");
    }
    let early = Machine::new().advance(Event::Begin(Goal::Approved)).map_err(|e| e.code());
    assert_eq!(early, Err(ErrorCode::WorkflowStep));
}

#[test]
fn a_card_that_is_always_taken_ends_the_flow() {
    let mut machine = Machine::new();
    let mut action = machine.advance(Event::Begin(Goal::Review)).expect("it begins");
    for _ in 0..10_000 {
        let event = match action {
            Action::Call(CallKind::TakeCard) => Event::Card("1".into()),
            Action::Call(CallKind::Create(_)) => Event::CardRefused,
            Action::Persist => Event::Persisted,
            other => panic!("{other:?}"),
        };
        match machine.advance(event) {
            Ok(next) => action = next,
            Err(error) => return assert_eq!(error.code(), ErrorCode::ScratchcardInvalid),
        }
    }
    panic!("it goes on for ever");
}
