//! Tokens: RAO credentials that the Optimizer keeps.

use super::{OneShot, named, needed, parse};
use crate::error::Result;
use crate::model::{Acknowledgement, CreatedToken, NewToken, Token, TokenList, TokenUid};
use crate::options::RequestOptions;

impl OneShot {
    /// Stores an officer's credentials on the Optimizer under a token. What the token does not hold comes with each call.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the tokens. The same credentials cannot be stored twice.
    ///
    /// # Errors
    /// `field_missing` without a user name; `not_found` where the service does not know the officer; `rao_rejected`; `bad_request`, also
    /// where these credentials are stored already; `ambiguous`.
    pub async fn create_token(&self, token: &NewToken, options: &RequestOptions) -> Result<CreatedToken> {
        needed("create_token", "username", token.username.expose())?;
        let mut token = token.clone();
        token.env = self.env(token.env.as_ref());
        let opened = self.opened(self.plan("create_token")?.json(&token)?, options).await?;
        parse::created_token(opened.data).map_err(|e| named(e, "create_token"))
    }

    /// What a token holds, without its secrets.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `token_unknown`.
    pub async fn get_token(&self, token_uid: &TokenUid, options: &RequestOptions) -> Result<Token> {
        needed("get_token", "token_uid", token_uid.expose())?;
        let opened = self.opened(self.plan("get_token")?.path(token_uid.expose()), options).await?;
        parse::token(opened.data, token_uid.expose()).map_err(|e| named(e, "get_token"))
    }

    /// Deletes a token. The demo token of the vendor's test installation cannot be deleted.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the tokens.
    ///
    /// # Errors
    /// `token_unknown`; `rejected`; `ambiguous`.
    pub async fn delete_token(&self, token_uid: &TokenUid, options: &RequestOptions) -> Result<Acknowledgement> {
        needed("delete_token", "token_uid", token_uid.expose())?;
        self.acknowledged(self.plan("delete_token")?.path(token_uid.expose()), options).await
    }

    /// All tokens of the Optimizer.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `bad_request` or `not_found` where the service says so; `wrong_dialect`; those of the connection.
    pub async fn list_tokens(&self, options: &RequestOptions) -> Result<TokenList> {
        let opened = self.opened(self.plan("list_tokens")?, options).await?;
        parse::tokens(opened.data).map_err(|e| named(e, "list_tokens"))
    }
}
