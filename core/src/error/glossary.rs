//! What an operator needs to know of each code: what may have happened on the wire, what to do in the middle of the night, and
//! whether repeating is safe. The generated glossary (`core/docs/errors.md`) is made of it.

use super::ErrorCode;

/// What is said of a code beside its meaning.
struct Entry {
    on_the_wire: &'static str,
    what_to_do: &'static str,
    repeat: &'static str,
}

impl ErrorCode {
    /// What may have happened on the wire when a call ends with this code; [`Error::wire`](super::Error::wire) says it of one call.
    pub const fn on_the_wire(self) -> &'static str {
        entry(self).on_the_wire
    }

    /// What to do about it, in steps for whoever is woken by it.
    pub const fn what_to_do(self) -> &'static str {
        entry(self).what_to_do
    }

    /// Whether repeating the call is safe, and of use; [`Error::retryable`](super::Error::retryable) says it of one call.
    pub const fn repeat(self) -> &'static str {
        entry(self).repeat
    }
}

/// The row of a code. Without an arm for each code this does not compile.
const fn entry(code: ErrorCode) -> Entry {
    use ErrorCode as Code;
    match code {
        // Settings.
        Code::ConfigInvalid => Entry {
            on_the_wire: "Nothing was sent. The client was not made, or the call ended before a connection was opened.",
            what_to_do: "Read which field the error names in `fields` and compare it with what was deployed last: a missing variable, an \
                address without its counterpart, the hosts of two installations in one configuration. Correct the setting and start the \
                process again.",
            repeat: "Safe, and useless until the setting is corrected.",
        },
        Code::VideoPkUnset => Entry {
            on_the_wire: "Nothing was uploaded. The request may have been read, which changes nothing.",
            what_to_do: "Do not guess to get going again: the wrong choice puts a face on another person's request. Leave the requests in \
                VIDEOPENDING, ask the vendor's support which id `PUT /videoid/{video_pk}` takes for your registration authority, set \
                `video_pk` and go on.",
            repeat: "Safe, and useless until `video_pk` is set.",
        },
        Code::TlsIdentityInvalid => Entry {
            on_the_wire: "Nothing was sent. The files were read, or could not be.",
            what_to_do: "Look at the path and the rights of the certificate, key and CA files as the service's user sees them, then at \
                their form: `openssl x509 -in FILE -noout -dates` for the certificate, `openssl pkey -in FILE -noout` for the key. A wrong \
                password of an encrypted key ends here too. After a rotation, put the old files back first.",
            repeat: "Safe once the files can be read.",
        },
        Code::TlsKeyMismatch => Entry {
            on_the_wire: "Nothing was sent.",
            what_to_do: "Certificate and key are of two different pairs, most often after half of a rotation. Compare `openssl x509 -in \
                CERT -noout -pubkey` with `openssl pkey -in KEY -pubout` and deploy the two that agree.",
            repeat: "Safe once both belong together.",
        },
        Code::PlainHttpRefused => Entry {
            on_the_wire: "Nothing was sent.",
            what_to_do: "Write `https://` into the address. Where a gateway inside your own network really speaks plain HTTP, set \
                `allow_plain_http` and know that personal data crosses that network in clear.",
            repeat: "Safe once the address is changed.",
        },
        Code::ClientClosed => Entry {
            on_the_wire: "Nothing was sent by this call. Calls that were running when the client was closed went on.",
            what_to_do: "Look for who closed the client: usually a shutdown that came before the last worker was done. Make a new client, \
                or drain the work before closing.",
            repeat: "Safe with a new client.",
        },
        // One-Shot.
        Code::Unsupported => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "The call exists only in the other dialect. A 2-step approval needs Legacy's validate: look which dialect the customer's Optimizer speaks, or ask for 1-step approval.",
            repeat: "Safe, and useless with this dialect.",
        },
        Code::WrongDialect => Entry {
            on_the_wire: "The call went to an address that the server does not know, so it was not processed. `hello` was asked for in both dialects.",
            what_to_do: "The Optimizer was updated, or the address is that of another one. Set `dialect` to the one that the error names; where it names none, compare `base_url` and `prefix` with what the Optimizer's operators say.",
            repeat: "Safe once the dialect is set.",
        },
        Code::OtpInvalid => Entry {
            on_the_wire: "The service answered and signed nothing. Wrong tries may be counted: how many are allowed is not documented.",
            what_to_do: "Let the signer read the code again. Where it is old, ask for another one, at most one a minute; the newest one counts.",
            repeat: "Safe with another code; the same one fails again.",
        },
        Code::OtpTooSoon => Entry {
            on_the_wire: "The service answered. No message was sent by this call; the one before it was.",
            what_to_do: "Wait until `retry_after` has passed, and ask the signer for the message that was sent before.",
            repeat: "Safe after `retry_after`.",
        },
        Code::TokenUnknown => Entry {
            on_the_wire: "The service answered and refused. Nothing was changed.",
            what_to_do: "The token was deleted on the Optimizer, or belongs to another one. List the tokens; create a new one, or give user name, password and PIN.",
            repeat: "Safe, and useless with this token.",
        },
        Code::BillingRejected => Entry {
            on_the_wire: "The service answered and refused. Nothing was changed. Nothing was billed.",
            what_to_do: "Compare the billing user with the contract. The password is given in clear here: one that was encoded to Base64 before is encoded twice. Where the text speaks of credit, ask the vendor.",
            repeat: "Safe once the credentials are corrected.",
        },
        Code::VideoIdNotEnabled => Entry {
            on_the_wire: "The service answered and refused. Nothing was changed.",
            what_to_do: "The registration authority has no video identification. Look whether its id is the right one; otherwise the vendor has to enable it.",
            repeat: "Safe, and useless until it is enabled.",
        },
        Code::DocumentLimit => Entry {
            on_the_wire: "The service answered and refused. Nothing was changed. None of the documents of the call was taken, as far as is documented: list them.",
            what_to_do: "List the request's documents and delete what is not needed, or sign in two requests. Ten is the documented number.",
            repeat: "Safe after one was deleted.",
        },
        Code::UnsupportedType => Entry {
            on_the_wire: "The service answered and refused. Nothing was changed.",
            what_to_do: "The service wants PDF for documents and PNG for images. Look at the first bytes of the file, not at its name.",
            repeat: "Safe with another file.",
        },
        Code::DocumentUnrecognised => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "Look at the first bytes (`file NAME`): a document is a PDF, or the JSON with `messageDigest` of a document that stays with you. Convert it, or ask for another one.",
            repeat: "Safe with another file.",
        },
        Code::SignedDocumentInvalid => Entry {
            on_the_wire: "The document was downloaded and nothing was deleted.",
            what_to_do: "Keep the file aside and download it again. Where it fails again, do not delete anything on the Optimizer and send the vendor the file and the ids.",
            repeat: "Safe: the download only reads.",
        },
        // What was given.
        Code::FieldMissing => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "Take the name in `fields` and look at what your own form or queue delivered for it. A whole batch that fails so \
                is a change in your data, not in the service. A missing `registration_authority` is a missing setting.",
            repeat: "Safe once the field is there.",
        },
        Code::FieldInvalid => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "Take field and rule from `fields`: a phone without its international prefix, a page below 1, a file above the \
                limit. Correct the data; the limits are settings (`limits`), their defaults are this library's and not the service's.",
            repeat: "Safe once the field is corrected.",
        },
        Code::SourceUnreadable => Entry {
            on_the_wire: "Nothing was sent. Where the file vanished during an upload, the upload was broken off and cannot have been taken \
                for whole.",
            what_to_do: "Look whether the file is there and whether this user may read it. Cleaners of temporary folders and volumes that \
                are not mounted are the usual causes.",
            repeat: "Safe once the file can be read.",
        },
        Code::SourceEmpty => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "The recording or the upload to your own backend ended before its first byte. Ask the user for the file again; \
                look at the disk space of whatever wrote it.",
            repeat: "Safe with a file that has content.",
        },
        Code::SourceChanged => Entry {
            on_the_wire: "A part of the body may have been sent. The connection was closed before the announced length, so the service \
                cannot have taken it for whole.",
            what_to_do: "Find what still writes to the file: a recorder that is not done, a sync, a second worker. Upload a finished copy \
                that nobody else touches.",
            repeat: "Safe with a source at rest; where you are unsure, read the request first.",
        },
        Code::ImageUnrecognised => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "Look at the first bytes (`file NAME`), not at the name's ending. WEBP, GIF and documents of word processors end \
                here; a PDF is taken only as a further document or as evidence. Convert to JPEG or PNG, or ask the user for a new picture.",
            repeat: "Safe with another file.",
        },
        Code::ImageHeic => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "The picture comes from a phone that saves HEIC. Convert it to JPEG at the highest quality before you hand it \
                over, or set the camera of your own app to JPEG.",
            repeat: "Safe with the converted file.",
        },
        Code::ImageDamaged => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "The file is cut short or its structure is broken: an upload from the phone that ended early. Ask for the picture \
                again; do not repair it, it is evidence.",
            repeat: "Safe with a whole file.",
        },
        Code::VideoUnrecognised => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "Look at the first bytes (`ffprobe NAME`). WEBM from browsers and MOV with an unusual brand end here. Record or \
                repackage as MP4; where the vendor takes other formats from you, there is a setting for it.",
            repeat: "Safe with another file.",
        },
        Code::VideoDamaged => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "The recording was cut before the index at its end was written, mostly by an app that was closed. Ask the user to \
                record again.",
            repeat: "Safe with a whole file.",
        },
        Code::BodyNotRepeatable => Entry {
            on_the_wire: "Part of the body was sent in an attempt that failed before its end; `wire` says whether that attempt can have \
                counted. A stream for an image was refused before anything was sent.",
            what_to_do: "Give a path or bytes in place of a stream; where a stream is all there is, open it anew and make the call again \
                after looking at `wire`.",
            repeat: "By the caller with a new source, where `wire` is `not_sent`; otherwise look at the request first.",
        },
        Code::BundleInvalid => Entry {
            on_the_wire: "Nothing was sent: a folder was read.",
            what_to_do: "Compare the folder with its manifest: a file is missing, too many, or the manifest is not of this library. Take \
                the bundle again from where it was made.",
            repeat: "Safe, and useless until the folder is whole.",
        },
        Code::BundleAltered => Entry {
            on_the_wire: "Nothing was sent: a folder was read.",
            what_to_do: "Stop here and keep the folder as it is: evidence that changed after it was gathered is worth nothing. Find out \
                who wrote to it, take the original copy or have the person identified again.",
            repeat: "Safe with the unaltered bundle.",
        },
        Code::FormatUnsupported => Entry {
            on_the_wire: "Nothing was sent: the call ended before a connection was opened.",
            what_to_do: "A newer version of the library wrote this bundle or state. Deploy that version here too, or finish the work where \
                it was begun; do not edit the file.",
            repeat: "Safe with a version that reads it.",
        },
        Code::WorkflowStep => Entry {
            on_the_wire: "Nothing was sent by this call. Steps before it may have been made.",
            what_to_do: "Read `state()` of the workflow and the request itself: another worker may have gone on, or a step was left out. \
                Resume from the stored state and call the step that is due.",
            repeat: "Safe, and useless until the workflow is at that step.",
        },
        Code::WebhookInvalid => Entry {
            on_the_wire: "Nothing was sent and nobody was woken: a body that came in was read.",
            what_to_do: "Answer with HTTP 200 all the same: whether the service sends a refused one again is not documented. Look who sent \
                it: webhooks are not signed, and scanners find open addresses. Polling goes on without it, so no request is lost; where \
                all webhooks fail, compare a body with the documented forms.",
            repeat: "Safe: the same body gives the same answer.",
        },
        // The network.
        Code::ConnectFailed => Entry {
            on_the_wire: "Nothing was sent: there was no connection.",
            what_to_do: "Try `curl -v` to the same host from the same machine. Name not found: DNS or the address. Refused or unreachable: \
                firewall, VPN, or the service is down; its status page or support knows. Requests keep their state meanwhile.",
            repeat: "Safe for every operation; the client has done so already.",
        },
        Code::ConnectTimeout => Entry {
            on_the_wire: "Nothing was sent: the connection was not ready in time.",
            what_to_do: "Packets are dropped on the way: a firewall that lost a rule, a route, an overloaded host. Compare with another \
                network, then raise `timeouts.connect` only if the path is known to be slow.",
            repeat: "Safe for every operation; the client has done so already.",
        },
        Code::Timeout => Entry {
            on_the_wire: "`wire` says it: `not_sent`, or for a reading operation `may_be_processed`, which does no harm. Operations that \
                change something fail with `ambiguous` in that case.",
            what_to_do: "Look whether all calls are slow or one kind is. All: the network or the service; wait. One kind: raise \
                `timeouts.attempt` or `timeouts.total` for it. A listing by a rarely used field can be slow by itself.",
            repeat: "Safe: what may have changed something never ends with this code while its outcome is open.",
        },
        Code::WaitDeadline => Entry {
            on_the_wire: "Only reading calls were made; each was answered or failed without effect.",
            what_to_do: "Nothing is broken by it: the person or the operator has not acted yet. Read the request, and wait again with a \
                later deadline or go on by webhook. A request that stays in VIDEOREVIEW for days needs a call to whoever validates.",
            repeat: "Safe, as often as you like.",
        },
        Code::UploadStalled => Entry {
            on_the_wire: "A part of the body was sent and then nothing moved. The body did not reach its end, so the service cannot have \
                taken it.",
            what_to_do: "Look at the upstream of the machine and at a proxy that buffers bodies. Raise `timeouts.stall` only for lines \
                that are known to pause. For streams: look whether the side that pushes is stuck.",
            repeat: "Safe with a path or bytes; a stream has to be opened anew.",
        },
        Code::ServerCertificateInvalid => Entry {
            on_the_wire: "Nothing was sent: the handshake ended it.",
            what_to_do: "Do not switch verification off; this may be somebody in between. `openssl s_client -connect HOST:443 -showcerts` \
                shows what is presented. Sandbox: its CA belongs in `tls.ca_file`. A proxy that inspects TLS: exempt this host. Expired: \
                the vendor's support. Pins: the server's key was changed, confirm with the vendor first.",
            repeat: "Safe once the server's certificate is right.",
        },
        Code::ClientCertificateRejected => Entry {
            on_the_wire: "The request was not processed: the server ended the handshake or said so itself.",
            what_to_do: "Look at the expiry of the client certificate first (`client_certificate()` or `openssl x509 -enddate`), then \
                whether its API user is still enabled at the registration authority, and whether sandbox and production were mixed. A \
                renewed one can be put in with `replace_identity` while the process runs.",
            repeat: "Safe once the certificate is accepted; nothing else helps.",
        },
        Code::TlsFailed => Entry {
            on_the_wire: "The handshake failed, so nothing was processed; a reading call may also have ended so after it was sent.",
            what_to_do: "Compare `openssl s_client -connect HOST:443` from the same machine. Old TLS versions, middle boxes and servers \
                that speak no TLS on that port end here. Look at what changed in the network last.",
            repeat: "Safe, and of use only once the cause is gone.",
        },
        Code::ProxyFailed => Entry {
            on_the_wire: "Nothing reached the service: the proxy was not reached or said no.",
            what_to_do: "Look whether the proxy runs, whether it allows CONNECT to the service's hosts on port 443, and whether its \
                password in `proxy` has expired.",
            repeat: "Safe for every operation; the client has done so already.",
        },
        Code::ConnectionLost => Entry {
            on_the_wire: "`wire` says it: `not_sent` where the request had not left whole, otherwise a reading call may have been \
                processed, without effect. Operations that change something fail with `ambiguous` once they have left.",
            what_to_do: "One of them is nothing to do about. Many: a load balancer with a short idle time, a service that restarts, a \
                network that resets. Compare the times with the service's.",
            repeat: "Safe; reading operations were repeated already.",
        },
        Code::AnswerTruncated => Entry {
            on_the_wire: "The service answered a reading call; the end of the answer was lost on the way.",
            what_to_do: "As a lost connection: look at proxies and at answers that are cut at a round size. A download left no half file \
                behind.",
            repeat: "Safe; reading operations were repeated already.",
        },
        Code::AnswerTooLarge => Entry {
            on_the_wire: "The service answered, and the answer was not read to its end.",
            what_to_do: "For a list: ask with a narrower filter. For a video or a contract: raise `limits.video_bytes` or \
                `limits.answer_bytes` after looking how much memory or disk there is. An answer of gigabytes to a small question is not \
                the service: look at the address.",
            repeat: "Safe for reading operations, and useless with the same limit. After a change read the request: it was made.",
        },
        Code::FileNotWritten => Entry {
            on_the_wire: "The service answered; what it gave could not be stored here.",
            what_to_do: "Look at the free space, at the rights of the folder and whether it exists. Nothing was left with the file's name.",
            repeat: "Safe once there is room: only reading operations write files.",
        },
        // What the service answered.
        Code::Rejected => Entry {
            on_the_wire: "The service answered and did not do it.",
            what_to_do: "Read `server_text` (it can hold personal data: not into a ticket) and keep `server_id`, which the vendor's \
                support asks for. `invalid literal for int()` is a number that is none, a text with field names is a field that is wrong. \
                Correct the data.",
            repeat: "Safe, since nothing was done, but the same call gets the same answer.",
        },
        Code::ScratchcardInvalid => Entry {
            on_the_wire: "The service answered and did not do it; no request was created and no card was consumed by this call.",
            what_to_do: "Another worker has taken this card, or it belongs to another registration authority. Ask for the first unused \
                card again; the workflows do so by themselves. Where every card fails, compare the card's registration authority with the \
                one in the call.",
            repeat: "Not with the same card. With another one it is safe.",
        },
        Code::NoScratchcard => Entry {
            on_the_wire: "The service answered: there is none. Nothing was consumed.",
            what_to_do: "Order cards from the vendor, or have some moved to this registration authority: `list_scratchcards` shows what \
                there is. Hold new submissions back meanwhile, those in progress have their cards.",
            repeat: "Safe, and of use once there are new cards.",
        },
        Code::RaoRejected => Entry {
            on_the_wire: "The service answered and did not do it.",
            what_to_do: "Stop automatic approvals at once: accounts can be locked by wrong passwords. Ask the officer whether the password \
                or the PIN was changed, and whether `rao_id` belongs to this registration authority; then try once, with one request.",
            repeat: "Once, after the credentials were checked. Never in a loop.",
        },
        Code::FieldsRejected => Entry {
            on_the_wire: "The service answered and did not do it; the request is as it was.",
            what_to_do: "`server_text` names the fields. `validate_request` lists what is missing, `update_request` sets it, then approve \
                again. A profile that suddenly wants a new field is a change on the vendor's side.",
            repeat: "Safe, and useless until the fields are corrected.",
        },
        Code::MissingDocuments => Entry {
            on_the_wire: "The service answered and did not approve; the request is as it was.",
            what_to_do: "Compare `list_request_documents` with what the profile asks for (front, rear, owner; for organisations further \
                papers), upload what is missing and approve again.",
            repeat: "Safe once the documents are there.",
        },
        Code::NotRenewable => Entry {
            on_the_wire: "The service answered; asking changed nothing.",
            what_to_do: "`server_code` says why: 419 revoked and 420 expired need a new request; 421, 422 and 426 are switches of the \
                officer or the registration authority (`enable_renewal`); 424 and 425 are limits; 427 suspended needs to be reactivated \
                first; 423 is the vendor's to explain.",
            repeat: "Safe, and the same until what the code names has changed.",
        },
        Code::BadRequest => Entry {
            on_the_wire: "The service answered and did not do it.",
            what_to_do: "Read `server_text`. `JSON parse error` points at a proxy that changes bodies or at an address that is not the RA \
                API; after an update of the service a documented field may have a new form. Keep the time and `correlation_id` for \
                support.",
            repeat: "Safe, but the same call gets the same answer.",
        },
        Code::Forbidden => Entry {
            on_the_wire: "The service answered and did not do it.",
            what_to_do: "The client certificate is known but may not do this: another registration authority's request, a permission that \
                was taken away, or an evidence upload for an authority without external identification. Ask who administers the API user.",
            repeat: "Safe, and useless until the permission is given.",
        },
        Code::NotFound => Entry {
            on_the_wire: "The service answered: there is nothing under that id, or no such address. Nothing was done.",
            what_to_do: "Look whether the id is of the right kind (request, VideoID, video, document and card have ids that look alike) \
                and of the right installation: sandbox ids do not exist in production. All calls at once: the address in `api_url` is \
                wrong.",
            repeat: "Safe, but the same id gives the same answer.",
        },
        Code::InvalidStatus => Entry {
            on_the_wire: "The service answered and did not do it. After an attempt whose answer was lost, this says that the first one was \
                carried out.",
            what_to_do: "Read the request and go on from the status that it has; another worker or the vendor's operator was there first. \
                `next_steps()` of the status names what is open.",
            repeat: "Safe, and useless in the same status.",
        },
        Code::UnexpectedStatus => Entry {
            on_the_wire: "Only reading calls and answered steps were made; the last status was read from the service.",
            what_to_do: "Read the request. CANCELLED: begin with a new card. A status that this version does not know: the vendor has \
                added one, update the library or decide by hand. The detail of the error names the status.",
            repeat: "Safe, and the same until the status changes.",
        },
        Code::RateLimited => Entry {
            on_the_wire: "The service answered and did not do it.",
            what_to_do: "Wait for `retry_after`, or a minute without it. Then lower the number of workers; polling less often and taking \
                webhooks helps most.",
            repeat: "Safe after the pause, for every operation.",
        },
        Code::ServerError => Entry {
            on_the_wire: "A reading call failed inside the service or in front of it; nothing was changed.",
            what_to_do: "The client has tried again already. Look at the vendor's status, wait some minutes and go on; after an hour give \
                `http_status`, the time and `correlation_id` to support.",
            repeat: "Safe. Operations that change something end with `ambiguous` in this case.",
        },
        Code::UnexpectedAnswer => Entry {
            on_the_wire: "The service answered with a success, or with a status that nobody documents; a call that changes something may \
                have been carried out.",
            what_to_do: "Look who answered: a login page of a proxy, a maintenance page, or the service after an update. Read the request \
                before anything is repeated. Where it is the service, send its answer's form, without the data, to this library's \
                maintainers.",
            repeat: "For reading operations safe. For others read the request first.",
        },
        Code::RedirectRefused => Entry {
            on_the_wire: "The service or something in front of it named another address; nothing was sent there and nothing was done.",
            what_to_do: "Compare `api_url` with the vendor's documents: `http` for `https`, a moved host, a missing path. Do not follow \
                the address by hand with the client certificate.",
            repeat: "Safe, and useless until the address is corrected.",
        },
        // What is not known.
        Code::Ambiguous => Entry {
            on_the_wire: "The call left whole and no answer that can be trusted came back: it may have been carried out, or not.",
            what_to_do: "Do not press the button again. The error's text says where to look: usually read the request, or list the \
                requests of the card, or list the documents. Is it done, go on with the next step; secrets of a lost approval cannot be \
                had again, tell whoever needs the PIN. Is it not done, make the call anew.",
            repeat: "Only after looking. A blind repetition can cost a card, a second document or a message to the holder.",
        },
        Code::Cancelled => Entry {
            on_the_wire: "`wire` says it: with `not_sent` nothing happened, with `may_be_processed` a change that was under way may have \
                been carried out.",
            what_to_do: "Find out who cancelled: the user, a deadline of your own, a shutdown. With `may_be_processed` look as for \
                `ambiguous`.",
            repeat: "Safe where `wire` is `not_sent` or the call only reads; otherwise look first.",
        },
        Code::Internal => Entry {
            on_the_wire: "Unknown in general; `wire` says what is known.",
            what_to_do: "Keep the error's report (it holds no personal data) and the version, and give them to this library's maintainers. \
                Read the request before going on; other requests are not affected.",
            repeat: "Reading operations are safe. For others read the request first.",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_what_to_do_in_words_of_its_own() {
        for code in ErrorCode::ALL {
            for text in [code.on_the_wire(), code.what_to_do(), code.repeat()] {
                assert!(text.len() > 15 && text.ends_with('.') && !text.contains("  "), "{}: {text}", code.as_str());
            }
            let same = ErrorCode::ALL.iter().filter(|other| other.what_to_do() == code.what_to_do()).count();
            assert_eq!(same, 1, "{}", code.as_str());
        }
    }
}
